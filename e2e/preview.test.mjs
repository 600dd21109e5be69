// Settings > Widget: what stands beside the form is the widget, with what has not been saved yet.
import assert from 'node:assert/strict';
import test from 'node:test';
import { clean } from './lib/axe.mjs';
import { browser, newPage } from './lib/browser.mjs';
import { Console } from './lib/console.mjs';
import { demo } from './lib/demo.mjs';
import { until } from './lib/product.mjs';

test('the preview of the widget', async (t) => {
	const d = await demo(t);
	const page = await newPage(await browser(t), { reducedMotion: 'reduce', viewport: { width: 1440, height: 900 } });
	await new Console(page, d.base).signIn(d.ana);
	await page.goto(`${d.base}/console/settings/widget`);
	const preview = page.frameLocator('iframe');
	await preview.getByRole('heading', { name: 'Good to see you' }).waitFor();
	assert.equal(await preview.getByText('No connection').count(), 0);
	await clean(page, page.mainFrame(), 'widget settings');
	await page.getByRole('textbox', { name: 'Headline' }).fill('Ask us anything');
	await preview.getByRole('heading', { name: 'Ask us anything' }).waitFor();
	await page.getByRole('radio', { name: 'Conversation' }).click({ force: true });
	await preview.getByText('How do I clean the grinder?').waitFor();
	assert.equal(await preview.getByText('No connection').count(), 0);
	// On a phone the form is first; the preview is a tap away, and so is the place that was left.
	await page.setViewportSize({ width: 360, height: 740 });
	const frame = page.locator('iframe');
	assert.equal(await frame.isVisible(), false);
	const colour = page.getByRole('textbox', { name: 'Brand colour' });
	const last = page.getByRole('textbox', { name: 'Headline' });
	await last.scrollIntoViewIfNeeded();
	const before = (await last.boundingBox()).y;
	const toggle = page.getByRole('button', { name: 'Preview' });
	await toggle.click();
	await frame.waitFor();
	assert.ok((await frame.boundingBox()).y < (await colour.boundingBox()).y);
	await toggle.click();
	await until('the place that was left', async () => Math.abs((await last.boundingBox()).y - before) < 2);
	assert.deepEqual(page.faults, []);
});
