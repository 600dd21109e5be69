// Every state of the widget, light and dark, on a desktop and a phone: as in its golden picture, and without anything
// that axe finds. The clock stands still, the gateway's words are scripted, nothing moves (lib/scenes.mjs).
import assert from 'node:assert/strict';
import test from 'node:test';
import { findings } from './lib/axe.mjs';
import { browser } from './lib/browser.mjs';
import { compare, fontsOf } from './lib/golden.mjs';
import { scenePage, scenes, set, stageOf } from './lib/scenes.mjs';

const sizes = { desktop: { width: 1000, height: 800 }, phone: { width: 360, height: 740 } };

test('the widget looks as it did', async (t) => {
	const s = await stageOf(t);
	const b = await browser(t);
	let fonts;
	const wrong = [];

	/** The four pictures of what is on a page; clip gives the part of it. */
	const pictures = async (page, name, clip) => {
		fonts ??= await fontsOf(page);
		for (const [size, viewport] of Object.entries(sizes)) {
			await page.setViewportSize(viewport);
			for (const colorScheme of ['light', 'dark']) {
				await page.emulateMedia({ colorScheme });
				const taken = await clip(viewport);
				const found = compare(`${name}-${size}-${colorScheme}`, taken, fonts);
				if (found) wrong.push(found);
			}
		}
	};

	await t.test('closed', async () => {
		const page = await scenePage(b);
		await page.goto(s.host);
		await page.locator('frontdesk-widget').waitFor({ state: 'attached' });
		await pictures(page, 'closed', ({ width, height }) =>
			page.screenshot({ clip: { x: width - 120, y: height - 120, width: 120, height: 120 }, animations: 'disabled' }));
		await page.context().close();
	});

	for (const name of Object.keys(scenes)) {
		await t.test(name, async () => {
			const page = await scenePage(b);
			const w = await set(page, s.host, name);
			const window = await w.frame.frameElement();
			await pictures(page, name, () => window.screenshot({ animations: scenes[name].late ? 'allow' : 'disabled' }));
			for (const colorScheme of ['light', 'dark']) {
				await page.emulateMedia({ colorScheme });
				wrong.push(...(await findings(w.frame)).map((line) => `${name}, ${colorScheme}: ${line}`));
			}
			assert.deepEqual(page.faults, []);
			await page.context().close();
		});
	}
	if (!fonts.same && !process.env.FRONTDESK_GOLDEN)
		t.diagnostic(`this browser draws with another font (${fonts.now}): only sizes were compared. make golden takes pictures of your own.`);
	assert.deepEqual(wrong, []);
});
