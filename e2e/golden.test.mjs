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

	/** The pictures of what is on a page, four if it is looked at in all sizes; clip gives the part of it. */
	const pictures = async (page, name, clip) => {
		fonts ??= await fontsOf(page);
		for (const size of scenes[name]?.sizes ?? Object.keys(sizes)) {
			const viewport = sizes[size];
			await page.setViewportSize(viewport);
			for (const colorScheme of ['light', 'dark']) {
				await page.emulateMedia({ colorScheme });
				const taken = await clip(viewport);
				const found = compare(`${name}-${size}-${colorScheme}`, taken, fonts);
				if (found) wrong.push(found);
			}
		}
	};

	/** The lower right corner of the page, so wide and high. */
	const corner = (page, wide, high) => ({ width, height }) => {
		const across = Math.min(wide, width);
		return page.screenshot({ clip: { x: width - across, y: height - high, width: across, height: high }, animations: 'disabled' });
	};

	await t.test('closed', async () => {
		const page = await scenePage(b);
		await page.goto(s.host);
		await page.locator('frontdesk-widget').waitFor({ state: 'attached' });
		await pictures(page, 'closed', corner(page, 120, 120));
		await page.context().close();
	});

	for (const name of Object.keys(scenes)) {
		await t.test(name, async () => {
			const page = await scenePage(b, name);
			const w = await set(page, s.host, name);
			const window = await w.frame.frameElement();
			const { closed, late } = scenes[name];
			await pictures(page, name, closed ? corner(page, 440, 260) : () => window.screenshot({ animations: late ? 'allow' : 'disabled' }));
			// Behind the launcher there is nothing to look into.
			for (const colorScheme of (await window.isVisible()) ? ['light', 'dark'] : []) {
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
