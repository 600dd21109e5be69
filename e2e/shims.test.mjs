// Pages that were written for Chatwoot, Intercom and Zendesk run with the shim in that widget's place.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import test from 'node:test';
import { browser, newPage } from './lib/browser.mjs';
import { demo } from './lib/demo.mjs';
import { cli, repository, site, until } from './lib/product.mjs';
import { Widget } from './lib/widget.mjs';
import { readFileSync } from 'node:fs';

test('pages written for others run unchanged', async (t) => {
	const d = await demo(t);
	const b = await browser(t);
	let html = '';
	const url = await site(t, () => html);
	await d.allow(url);
	const inbox = d.tag.match(/data-inbox="([^"]+)"/)[1];
	const secret = (await cli(['admin', 'inbox', 'identity', 'rotate', '--data', d.data])).stdout.match(/fdid_\S+/)[0];
	const begin = async (name) => {
		html = readFileSync(`${repository}/e2e/pages/${name}.html`, 'utf8').replaceAll('{server}', d.base).replaceAll('{inbox}', inbox);
		const page = await newPage(b);
		page.said = () => page.evaluate(() => window.said);
		await page.goto(url);
		return page;
	};

	await t.test('Chatwoot', async () => {
		const page = await begin('chatwoot');
		await until('chatwoot:ready', async () => (await page.said()).includes('ready'));
		await page.getByRole('button', { name: 'Chat with us' }).click();
		const c = new Widget(page);
		await c.opened();
		await c.say('How do I clean the burrs of my grinder?');
		await c.sees(/Clean the burrs/);
		await page.evaluate(() => window.$chatwoot.toggle('close'));
		await until('the window to close', async () => !(await c.isOpen()));
		await page.evaluate(() => window.$chatwoot.reset());
		await until('chatwoot:closed', async () => (await page.said()).length > 2);
		assert.deepEqual(await page.said(), ['ready', 'opened', 'closed']);
		assert.deepEqual(page.faults, []);
		await page.close();
	});

	await t.test('Intercom', async () => {
		const page = await begin('intercom');
		await page.locator('frontdesk-widget').waitFor({ state: 'attached' });
		await page.getByRole('link', { name: 'Ask us' }).click(); // custom_launcher_selector
		const c = new Widget(page);
		await c.opened();
		await until('onShow', async () => (await page.said()).includes('show'));
		await page.evaluate(() => window.Intercom('showNewMessage', 'About my order'));
		await until('the words', async () => (await c.frame.locator('textarea').inputValue()) === 'About my order');
		await page.evaluate(() => window.Intercom('hide'));
		await until('onHide', async () => (await page.said()).includes('hide'));
		await page.evaluate(() => {
			window.Intercom('trackEvent', 'bought', { total: 9.5, items: [1] });
			window.Intercom('shutdown');
			window.Intercom('boot', window.intercomSettings);
		});
		await until('the launcher to go', async () => (await page.evaluate(() => localStorage.length)) === 0 && (await page.locator('frontdesk-widget').count()) === 1);
		await page.evaluate(() => window.Intercom('show'));
		await c.opened();
		assert.equal(await c.frame.locator('textarea').inputValue(), '', 'nothing is left of the one before');
		assert.deepEqual(page.faults, []);
		await page.close();
	});

	await t.test('Zendesk', async () => {
		const page = await begin('zendesk');
		await page.exposeFunction('backend', () => {
			const part = (o) => Buffer.from(JSON.stringify(o)).toString('base64url');
			const head = `${part({ alg: 'HS256' })}.${part({ sub: 'u9', name: 'Jo', exp: Math.floor(Date.now() / 1000) + 600 })}`;
			return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`;
		});
		await page.getByRole('button', { name: 'Messenger' }).click();
		const c = new Widget(page);
		await c.opened();
		await page.getByRole('button', { name: 'Sign in' }).click();
		await until('the login callback', async () => (await page.said()).includes('login null'));
		await page.evaluate(() => window.zE('webWidget', 'close'));
		await until('the close event', async () => (await page.said()).includes('close'));
		await page.evaluate(() => window.zE('messenger', 'logoutUser'));
		assert.deepEqual((await page.said()).filter((s) => s !== 'login null'), ['open', 'close']);
		assert.deepEqual(page.faults, []);
		await page.close();
	});
});
