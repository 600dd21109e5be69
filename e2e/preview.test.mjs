// Settings > Widget: what stands beside the form is the widget, with what has not been saved yet.
import assert from 'node:assert/strict';
import test from 'node:test';
import { clean } from './lib/axe.mjs';
import { browser, newPage } from './lib/browser.mjs';
import { Console } from './lib/console.mjs';
import { demo } from './lib/demo.mjs';
import { until } from './lib/product.mjs';
import { Widget } from './lib/widget.mjs';

test('the preview of the widget', async (t) => {
	const d = await demo(t);
	const b = await browser(t);
	const page = await newPage(b, { reducedMotion: 'reduce', viewport: { width: 1440, height: 900 } });
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

	await page.setViewportSize({ width: 1440, height: 900 });
	// A logo is chosen, looked at before it is saved, seen by customers, and taken away again.
	const shown = () => preview.locator('.face:not(.agent)').first().evaluate((face) => getComputedStyle(face).backgroundImage.slice(0, 4));
	const save = async () => {
		await page.getByRole('button', { name: 'Save', exact: true }).click();
		await page.getByText(/^saved \d/).waitFor();
	};
	const customers = async () => {
		const shop = await newPage(b, { reducedMotion: 'reduce' }); // one who has nothing of before
		await shop.goto(d.shop);
		const c = new Widget(shop);
		await c.open();
		const face = c.frame.locator('.face:not(.agent)').first();
		const address = (await face.evaluate((el) => getComputedStyle(el).backgroundImage)).match(/url\("([^"]+)"\)/)?.[1];
		const size = address && (await c.frame.evaluate(async (address) => {
			const picture = await createImageBitmap(await (await fetch(address)).blob());
			return [picture.width, picture.height];
		}, address));
		assert.deepEqual(shop.faults, []);
		await shop.context().close();
		return size;
	};
	assert.equal(await customers(), undefined);
	assert.equal(await shown(), 'none');
	const red = await page.evaluate(() => {
		const canvas = Object.assign(document.createElement('canvas'), { width: 600, height: 300 });
		const pen = canvas.getContext('2d');
		pen.fillStyle = '#c00';
		pen.fillRect(0, 0, 600, 300);
		return canvas.toDataURL('image/png').split(',')[1];
	});
	const choose = page.locator('.widget-logo input[type=file]');
	await choose.setInputFiles({ name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
	await page.getByText('cannot read the file as a picture').waitFor();
	await choose.setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: Buffer.from(red, 'base64') });
	await page.getByRole('img', { name: 'Logo' }).waitFor();
	await until('the preview', async () => (await shown()) === 'url(');
	assert.equal(await customers(), undefined, 'customers see what is saved');
	await save();
	assert.deepEqual(await customers(), [132, 66]);
	await page.getByRole('button', { name: 'Remove', exact: true }).click();
	await until('the preview', async () => (await shown()) === 'none');
	await save();
	assert.equal(await customers(), undefined);
	assert.deepEqual(page.faults, []);
});
