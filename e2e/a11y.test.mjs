// The widget for everybody: by keyboard alone, read aloud, enlarged, in forced colours, without motion, in any colour of
// a brand, and from the right to the left.
import assert from 'node:assert/strict';
import test from 'node:test';
import { browser, newPage } from './lib/browser.mjs';
import { Console } from './lib/console.mjs';
import { until } from './lib/product.mjs';
import { scenePage, set, stageOf } from './lib/scenes.mjs';
import { Widget } from './lib/widget.mjs';

const languages = ['ar', 'de', 'en', 'es', 'fr', 'it', 'ja', 'nl', 'pl', 'pt', 'tr', 'zh'];

test('the widget is for everybody', async (t) => {
	const s = await stageOf(t);
	const b = await browser(t);
	/** What has the focus inside the frame. */
	const focused = (frame) => frame.evaluate(() => document.activeElement?.getAttribute('aria-label') || document.activeElement?.textContent || document.activeElement?.tagName);

	await t.test('keyboard alone, and an answer that is read once', async () => {
		const page = await newPage(b, { reducedMotion: 'reduce' });
		await page.goto(s.host);
		await page.locator('frontdesk-widget').waitFor({ state: 'attached' });
		const { keyboard } = page;
		await keyboard.press('Tab'); // to the launcher, the only thing on this page
		await keyboard.press('Enter');
		const w = new Widget(page);
		await w.opened();
		const { frame } = w;
		await until('focus on the heading', async () => (await frame.evaluate(() => document.activeElement?.tagName)) === 'H1').catch(async (e) => { throw new Error(`${e.message}: it is on ${await focused(frame)}`); });
		const tabTo = async (name) => {
			for (let i = 0; i < 25 && !(await focused(frame))?.includes(name); i++) await keyboard.press('Tab');
			assert.ok((await focused(frame))?.includes(name), `Tab leads to "${name}", not to "${await focused(frame)}"`);
		};
		await tabTo('Your message');
		await frame.evaluate(() => {
			window.heard = 0;
			new MutationObserver((all) => {
				for (const { addedNodes } of all)
					for (const node of addedNodes) if (node instanceof Element && node.closest('[role=log]') && (node.matches('.bt') || node.querySelector('.bt'))) window.heard++;
			}).observe(document.body, { childList: true, subtree: true });
		});
		await keyboard.type('What does delivery to Austria cost?'); // key by key, as a hand does
		await keyboard.press('Enter');
		await w.log.waitFor();
		const sources = w.log.getByRole('list', { name: /source/ });
		await sources.first().waitFor();
		assert.equal(await w.log.getAttribute('aria-live'), 'polite');
		await page.waitForTimeout(500); // whatever is drawn again has been
		assert.equal(await frame.evaluate(() => window.heard), 1, 'answers added to the live region');

		const chip = sources.first().getByRole('button').first();
		await chip.focus();
		await keyboard.press('Enter');
		await until('focus on the article', async () => (await frame.evaluate(() => document.activeElement?.tagName)) === 'H1');
		await frame.getByRole('button', { name: 'Back' }).press('Enter');
		await until('focus back on the chip', () => chip.evaluate((el) => el === document.activeElement));
		await keyboard.press('Escape');
		await until('closed', async () => !(await w.isOpen()));
		assert.equal(await page.evaluate(() => document.activeElement?.localName), 'frontdesk-widget');
		assert.deepEqual(page.faults, []);
		await page.context().close();
	});

	await t.test('at 200 % and at 320 pixels all is there, and nothing scrolls two ways', async () => {
		// 640 by 512 at 200 % is 320 by 256.
		for (const viewport of [{ width: 320, height: 640 }, { width: 320, height: 256 }]) {
			for (const name of ['home', 'answer', 'queue', 'rating', 'offline']) {
				const page = await scenePage(b, '', { viewport });
				const { frame } = await set(page, s.host, name);
				assert.deepEqual(await cut(frame), [], `${name} at ${viewport.width} by ${viewport.height}`);
				await page.context().close();
			}
		}
	});

	await t.test('in a low window the chat fills the screen, and the welcome scrolls as one', async () => {
		const viewport = { width: 740, height: 360 }; // a phone on its side
		const page = await scenePage(b, '', { viewport });
		const { frame } = await set(page, s.host, 'home');
		const { width, height } = await (await frame.frameElement()).boundingBox();
		assert.deepEqual({ width, height }, viewport);
		const person = frame.locator('.pcard');
		await person.focus();
		const [card, composer] = [await person.boundingBox(), await frame.locator('.wc').boundingBox()];
		assert.ok(card.y >= 0 && card.y + card.height <= composer.y, `${JSON.stringify(card)} is in sight above ${JSON.stringify(composer)}`);
		await page.context().close();
	});

	await t.test('in forced colours, borders and focus are seen', async () => {
		const page = await scenePage(b, '', { forcedColors: 'active' });
		const { frame } = await set(page, s.host, 'answer');
		const seen = (selector) => frame.locator(selector).first().evaluate((el) => {
			el.focus();
			const { outlineStyle, outlineWidth } = getComputedStyle(el.closest('.box') ?? el);
			return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
		});
		await page.keyboard.press('Tab');
		for (const selector of ['.box textarea', '.src', '.person']) assert.ok(await seen(selector), `${selector} shows its focus`);
		for (const selector of ['.go', '.src', '.box'])
			assert.notEqual(await frame.locator(selector).first().evaluate((el) => getComputedStyle(el).borderTopStyle), 'none', `${selector} has a border`);
		await page.context().close();
	});

	await t.test('with reduced motion nothing moves', async () => {
		for (const name of ['looking', 'agent', 'queue']) {
			const page = await scenePage(b);
			const { frame } = await set(page, s.host, name);
			const moving = await frame.evaluate(() => document.getAnimations().flatMap((a) =>
				a.effect.getKeyframes().some((k) => 'translate' in k || 'transform' in k || 'scale' in k) || a.effect.getTiming().iterations === Infinity ? [a.animationName ?? 'transition'] : []));
			assert.deepEqual(moving, [], name);
			await page.context().close();
		}
	});

	await t.test('every language fits at 320 pixels, Arabic from the right', async () => {
		for (const lang of languages) {
			const page = await scenePage(b, '', { viewport: { width: 320, height: 640 }, locale: lang });
			// The names that scenes look for are English ones.
			const { frame } = await set(page, s.host, 'home', { shows: (f) => f.locator('.pcard') });
			const { spoken, dir } = await frame.evaluate(() => ({ spoken: document.documentElement.lang.split('-')[0], dir: getComputedStyle(document.body).direction }));
			assert.deepEqual({ spoken, dir }, { spoken: lang, dir: lang === 'ar' ? 'rtl' : 'ltr' });
			assert.deepEqual(await cut(frame), [], lang);
			assert.deepEqual(page.faults, []);
			await page.context().close();
		}
	});

	await t.test('64 brand colours hold 4.5:1 by day and by night', async () => {
		const page = await newPage(b);
		await new Console(page, s.base).signIn(s.ana);
		const steps = ['00', '55', 'aa', 'ff'];
		const all = steps.flatMap((r) => steps.flatMap((g) => steps.map((bl) => `#${r}${g}${bl}`)));
		const low = await page.evaluate(async (all) => {
			const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
			const light = (colour) => {
				pen.fillStyle = colour;
				pen.fillRect(0, 0, 1, 1);
				const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data].map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
				return 0.2126 * r + 0.7152 * g + 0.0722 * b;
			};
			const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
			const bad = [];
			for (const colour of all) {
				const { sheet } = await (await fetch(`/api/v1/brand?colour=${encodeURIComponent(colour)}`)).json();
				// The values as a style sheet has them, not as the answer tells them.
				const of = (name) => sheet.match(new RegExp(`--${name}: light-dark\\((#\\w+), (#\\w+)\\)`)).slice(1);
				[['on-accent', 'accent'], ['on-accent', 'accent-hover'], ['accent-text', 'accent-subtle']].forEach(([fore, back]) => {
					[0, 1].forEach((i) => {
						const r = ratio(of(fore)[i], of(back)[i]);
						if (r < 4.5) bad.push(`${colour}: ${fore} on ${back} is ${r.toFixed(2)}`);
					});
				});
			}
			return bad;
		}, all);
		assert.deepEqual(low, []);
		await page.context().close();
	});
});

/** What sticks out at a side of the window. */
function cut(frame) {
	return frame.evaluate(() => {
		const wide = [document.documentElement, ...document.querySelectorAll('main, .w, .view')].filter((el) => el.scrollWidth > el.clientWidth + 1);
		const out = [...document.querySelectorAll('button, input, textarea, h1, h2, p, li')].filter((el) => {
			const box = el.getBoundingClientRect();
			return box.width > 1 && (box.left < -1 || box.right > innerWidth + 1);
		});
		return [...wide, ...out].map((el) => `${el.localName}.${el.className}: ${el.textContent.slice(0, 40)}`);
	});
}
