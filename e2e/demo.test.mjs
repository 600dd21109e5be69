// The demo as a newcomer uses it, and what holds for every page: axe finds
// nothing, the keyboard suffices, no policy is broken.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import test from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { browser, newPage } from './lib/browser.mjs';
import { Console } from './lib/console.mjs';
import { demo } from './lib/demo.mjs';
import { site, until } from './lib/product.mjs';
import { Widget } from './lib/widget.mjs';

const norms = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What axe finds on a page and in its frames, a line each. axe injects its script, so the page's policy is off for it. */
async function findings(page) {
	await page.waitForTimeout(500); // what fades in has less contrast for a moment
	// The region in which react-aria announces holds a sentence for a moment, then a node whose label is gone.
	const { violations } = await new AxeBuilder({ page }).withTags(norms).exclude('[data-live-announcer]').analyze();
	return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')}`));
}

test('the demo', async (t) => {
	const d = await demo(t);
	const b = await browser(t);
	const page = await newPage(b);
	const customer = new Widget(page);

	await t.test('answers a question from the shop within a second', async () => {
		await page.goto(d.shop);
		await page.locator('frontdesk-widget').waitFor({ state: 'attached' });
		await page.getByRole('button', { name: 'How do I clean the burrs of my M2?' }).click();
		await customer.opened();
		await customer.log.getByRole('list', { name: /source/ }).waitFor();
		const started = Date.now();
		const sources = await customer.ask('What does delivery to Austria cost?');
		const ms = Date.now() - started;
		t.diagnostic(`answered and drawn after ${ms} ms`);
		assert.match(sources.join(), /Delivery times and costs/);
		assert.ok(ms < 1000, `${ms} ms`);
		await customer.sees('6.90 €');
	});

	await t.test('is used by the keyboard alone', async () => {
		await page.keyboard.press('Escape');
		await until('the window to close', async () => !(await page.frame({ url: /widget/ }).frameElement().then((f) => f.isVisible())));
		await page.keyboard.press('Enter'); // focus is on the launcher again
		await until('focus in the composer', () => customer.frame.evaluate(() => document.hasFocus() && document.activeElement?.matches('textarea')));
		await page.keyboard.type('Which grind do I need for a moka pot?');
		await page.keyboard.press('Enter');
		await customer.sees('Which grind do I need for a moka pot?');
	});

	const staff = await newPage(b);
	const agent = new Console(staff, d.base);
	await t.test('answers from an article as soon as it is edited', async () => {
		await agent.signIn(d.ana);
		await staff.goto(`${d.base}/console/knowledge`);
		await staff.getByRole('link', { name: /Delivery times and costs/ }).first().click();
		const body = staff.getByRole('textbox', { name: /text|body|markdown/i }).first();
		await until('the text', async () => (await body.inputValue()).includes('6.90 €'));
		await body.fill((await body.inputValue()).replaceAll('6.90 €', '7.30 €'));
		await staff.getByRole('button', { name: /^Save|^Publish/ }).first().click();
		await staff.getByText('v2', { exact: false }).first().waitFor();
		const another = await newPage(b);
		await another.goto(d.shop);
		const reader = new Widget(another);
		await reader.open();
		await new Promise((r) => setTimeout(r, 1000)); // what an editor is promised
		await reader.ask('What does delivery to Austria cost?');
		await reader.sees('7.30 €');
		await another.close();
	});

	await t.test('breaks no policy and throws nothing', () => {
		assert.deepEqual(page.faults, []);
		assert.deepEqual(staff.faults, []);
	});

	await t.test('ends and leaves nothing behind', async () => {
		const started = Date.now();
		await page.close();
		await staff.close();
		await d.server.stop();
		assert.ok(Date.now() - started < 15_000, 'it took too long');
		assert.ok(!existsSync(`/proc/${d.server.proc.pid}`) || process.platform !== 'linux');
	});
});

test('axe finds nothing', async (t) => {
	const b = await browser(t);
	for (const [name, look] of Object.entries({
		'desktop, light': { colorScheme: 'light' },
		'phone, dark': { colorScheme: 'dark', viewport: { width: 360, height: 740 } },
	})) {
		await t.test(name, async (t) => {
			const d = await demo(t); // in each nobody is online at first
			const clean = async (page, what) => assert.deepEqual(await findings(page), [], what);
			const still = { ...look, bypassCSP: true, reducedMotion: 'reduce' };
			const page = await newPage(b, still);
			// The chat as a page of its own: the launcher's shadow root is closed to axe.
			const key = (await (await fetch(d.shop)).text()).match(/data-inbox="([^"]+)"/)[1];
			await page.goto(`${d.base}/widget/v1/frame?inbox=${key}&standalone=1`);
			const box = page.getByRole('textbox', { name: 'Your message' });
			await box.waitFor();
			await clean(page, 'welcome');
			await box.fill('How do I clean the burrs of my M2?');
			await box.press('Enter');
			const source = page.getByRole('list', { name: /source/ }).getByRole('button').first();
			await source.waitFor();
			await clean(page, 'answer');
			await source.click();
			await page.locator('mark').first().waitFor();
			await clean(page, 'source');
			await page.getByRole('button', { name: 'Back' }).click();
			await page.getByRole('button', { name: 'Talk to a person' }).click();
			await page.getByLabel('Your e-mail').waitFor();
			await clean(page, 'nobody online');
			await page.close();

			const staff = await newPage(b, still);
			await staff.goto(`${d.base}/console/`);
			await staff.getByLabel('E-mail').waitFor();
			await clean(staff, 'sign-in');
			const agent = new Console(staff, d.base);
			await agent.signIn(d.ana);
			await agent.openFirst();
			await clean(staff, 'inbox');
			await staff.goto(`${d.base}/console/knowledge`);
			await staff.getByRole('link', { name: /Delivery times and costs/ }).first().waitFor();
			await clean(staff, 'knowledge');
			await staff.goto(`${d.base}/console/team`);
			await staff.getByText('jonas@kesselkorn.example').waitFor();
			await clean(staff, 'team');
			await staff.context().close();
		});
	}
});

test('a strict page that embeds it', async (t) => {
	const d = await demo(t);
	const b = await browser(t);
	const key = (await (await fetch(d.shop)).text()).match(/data-inbox="([^"]+)"/)[1];
	const host = await site(t, () => `<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src ${d.base}; frame-src ${d.base}"><title>Strict</title><style>* { display: none }</style><script async src="${d.base}/widget/v1/frontdesk.js" data-inbox="${key}"></script><p>Hello</p>`);

	await t.test('is refused unless the inbox names it', async () => {
		const page = await newPage(b);
		await page.goto(host);
		await page.locator('frontdesk-widget').waitFor({ state: 'attached' });
		await page.evaluate(() => window.Frontdesk('open'));
		await until('the browser to refuse the frame', () => page.faults.some((f) => /frame-ancestors/.test(f)));
	});
});
