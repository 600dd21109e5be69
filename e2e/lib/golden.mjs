// Pictures that are compared with those of before: e2e/golden holds them, `make golden` renews them.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import { repository } from './product.mjs';

const folder = `${repository}e2e/golden/`;
const diffs = `${repository}.cache/golden/`;
const renew = !!process.env.FRONTDESK_GOLDEN;

/**
 * So many pixels may differ by more than a shade. Runs without a change differed in none. By
 * reckoning, an icon of 16 pixels that moves by one changes 40 or more, a line of text 100 or more, a button's edge 88. Anti-aliased edges do not count at all.
 */
const mayDiffer = 24;

/**
 * The fonts that a browser draws with: lengths of words in the widget's type. Another font breaks lines elsewhere, so that
 * pictures of another one tell nothing; then only the sizes are compared.
 */
export async function fontsOf(page) {
	const now = await page.evaluate(() => {
		const pen = document.createElement('canvas').getContext('2d');
		return ['400 15px', '600 24px', '500 12px'].map((font) => {
			pen.font = `${font} system-ui`;
			return Math.round(pen.measureText('Quick brown foxes 0123456789').width * 10) / 10;
		}).join(' ');
	});
	const path = `${folder}fonts.txt`;
	mkdirSync(folder, { recursive: true });
	if (renew) writeFileSync(path, `${now}\n`);
	return { now, same: existsSync(path) && readFileSync(path, 'utf8').trim() === now };
}

/** What is wrong with a picture, or ''. */
export function compare(name, bytes, fonts) {
	const path = `${folder}${name}.png`;
	if (renew) {
		// The same picture within the tolerance stays: no change without a difference.
		if (!existsSync(path) || differs(readFileSync(path), bytes).count > 0) writeFileSync(path, PNG.sync.write(PNG.sync.read(bytes), { deflateLevel: 9, colorType: 2 }));
		return '';
	}
	if (!existsSync(path)) return `${name}: there is no golden picture. Look at the state, then: make golden`;
	const { count, diff, words } = differs(readFileSync(path), bytes);
	if (words) return `${name}: ${words}`;
	if (!fonts.same || count <= mayDiffer) return '';
	mkdirSync(diffs, { recursive: true });
	writeFileSync(`${diffs}${name}.png`, bytes);
	writeFileSync(`${diffs}${name}.diff.png`, PNG.sync.write(diff));
	return `${name}: ${count} pixels differ, in ${boxOf(diff)}. See .cache/golden/${name}.diff.png; if it is meant: make golden`;
}

function differs(golden, bytes) {
	const [was, is] = [PNG.sync.read(golden), PNG.sync.read(bytes)];
	if (was.width !== is.width || was.height !== is.height)
		return { count: Infinity, words: `${is.width} x ${is.height} pixels, not ${was.width} x ${was.height}` };
	const diff = new PNG({ width: is.width, height: is.height });
	return { count: pixelmatch(was.data, is.data, diff.data, is.width, is.height, { threshold: 0.1 }), diff };
}

/** Where pixelmatch has painted red. */
function boxOf({ width, height, data }) {
	let [left, top, right, bottom] = [width, height, 0, 0];
	for (let y = 0; y < height; y++)
		for (let x = 0; x < width; x++) {
			const i = (y * width + x) * 4;
			if (data[i] !== 255 || data[i + 1] !== 0) continue;
			[left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
		}
	return `x ${left} to ${right}, y ${top} to ${bottom}`;
}
