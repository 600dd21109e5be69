// The demo as a newcomer uses it: a question in the shop, the source of the
// answer, a phone; then the console, an article that is edited, one that is
// uploaded, one that is not for customers; and an end without remains.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import test from 'node:test';
import { browser, newPage } from './lib/browser.mjs';
import { Console } from './lib/console.mjs';
import { demo } from './lib/demo.mjs';
import { until } from './lib/product.mjs';
import { Widget } from './lib/widget.mjs';

// What an editor is promised: the bot answers from what was saved within this.
const answersFromEdit = 1000;

test('the demo', async (t) => {
	const d = await demo(t);
	const b = await browser(t);
	const page = await newPage(b);
	const customer = new Widget(page);
	const staff = await newPage(b, { viewport: { width: 1440, height: 900 } });
	const agent = new Console(staff, d.base);

	const others = [];
	/** A customer who has not been here before. heard is every frame that the gateway sends to the browser. */
	const stranger = async () => {
		const other = await newPage(b);
		others.push(other);
		const c = Object.assign(new Widget(other), { heard: [] });
		other.on('websocket', (ws) => ws.on('framereceived', ({ payload }) => c.heard.push(JSON.parse(payload))));
		await other.goto(d.shop);
		await c.open();
		return c;
	};
	const source = () => customer.log.getByRole('list', { name: /source/ }).first().getByRole('button').first();

	await t.test('answers a starter in the shop, at once and with its source', async (t) => {
		assert.notEqual(new URL(d.shop).origin, new URL(d.base).origin);
		await page.goto(d.shop);
		await customer.open();
		const began = Date.now();
		await customer.frame.getByRole('button', { name: 'How do I clean the burrs of my M2?' }).click();
		await source().waitFor();
		const drawn = Date.now() - began;
		assert.match(await source().innerText(), /Clean the burrs/);
		t.diagnostic(`clicked, answered and drawn in ${drawn} ms`);
		assert.ok(drawn < 3000, `${drawn} ms`);
	});

	await t.test('opens the source; Escape goes back to where it was, and then closes', async () => {
		await source().click();
		await customer.frame.getByRole('heading', { name: /Clean the burrs/ }).waitFor();
		await customer.frame.locator('mark').first().waitFor();
		await page.keyboard.press('Escape');
		await until('focus on the source', () => source().evaluate((el) => el === document.activeElement));
		await page.keyboard.press('Escape');
		await until('the window to close', async () => !(await customer.isOpen()));
		assert.equal(await page.evaluate(() => document.activeElement.localName), 'frontdesk-widget', 'focus is on the launcher');
	});

	await t.test('takes a question from a button of the shop', async () => {
		await page.getByRole('button', { name: 'What does delivery to Austria cost?' }).click();
		await customer.opened();
		await customer.sees('6.90 €');
	});

	await t.test('keeps the conversation when the page is loaded again', async () => {
		await page.reload();
		await customer.open();
		await customer.sees('6.90 €');
		assert.equal(await customer.times('How do I clean the burrs of my M2?'), 1);
	});

	await t.test('fills the screen of a phone', async () => {
		await page.setViewportSize({ width: 360, height: 740 });
		await until('the whole screen', async () => {
			const box = await (await customer.frame.frameElement()).boundingBox();
			return box.x === 0 && box.y === 0 && box.width === 360 && box.height === 740;
		});
		assert.equal(await customer.frame.evaluate(() => document.documentElement.scrollWidth), 360, 'nothing is wider');
	});

	await t.test('lets one sign in with the printed password', async (t) => {
		await agent.signIn(d.ana);
		await staff.goto(`${d.base}/console/inbox/all`);
		await staff.getByRole('list', { name: 'All' }).getByRole('link').first().click();
		await agent.sees('6.90 €');
		const took = answerTimes(await agent.entries());
		t.diagnostic(`answers were stored after ${took.join(' and ')} ms`);
		assert.equal(took.length, 2);
		for (const ms of took) assert.ok(ms < 1000, `${ms} ms`);
	});

	await t.test('answers from an article as it was edited, and names the version', async (t) => {
		await staff.goto(`${d.base}/console/knowledge`);
		await staff.getByRole('link', { name: /Delivery times and costs/ }).first().click();
		const body = staff.getByRole('textbox', { name: 'Text in Markdown' });
		await until('the text', async () => (await body.inputValue()).includes('| Austria | 6.90 € |'));
		await body.fill((await body.inputValue()).replace('| Austria | 6.90 € |', '| Austria | 7.35 € |'));
		await staff.getByRole('button', { name: 'Save' }).click();
		const saved = Date.now();
		await staff.getByText(/^v2, saved/).waitFor();
		const c = await stranger();
		await new Promise((r) => setTimeout(r, Math.max(0, answersFromEdit - (Date.now() - saved))));
		await c.ask('What does delivery to Austria cost?');
		await c.sees('7.35 €');
		const cited = c.heard.flatMap((f) => f.d?.answer?.citations ?? []);
		assert.deepEqual(cited.map((x) => [x.external_id, x.number]), [['delivery-times-and-costs', 2]]);
		assert.equal(await c.log.getByText('6.90 €').count(), 0);
	});

	await t.test('answers from an uploaded file', async () => {
		await staff.goto(`${d.base}/console/knowledge/import`);
		await staff.locator('input[type=file]').setInputFiles({
			name: 'parking.md',
			mimeType: 'text/markdown',
			buffer: Buffer.from('---\nid: parking\ntitle: Parking at the workshop\n---\nThere are four parking spaces behind the workshop. Parking is free for 90 minutes.\n'),
		});
		await staff.getByRole('button', { name: 'Import 1 file' }).click();
		await staff.getByRole('status', { name: 'What the import did' }).getByText('Import finished').waitFor();
		await new Promise((r) => setTimeout(r, answersFromEdit));
		const c = await stranger();
		assert.match((await c.ask('Is there parking at the workshop?')).join(), /Parking at the workshop/);
		await c.sees('free for 90 minutes');
	});

	await t.test('never shows a customer what is for the staff', async () => {
		await staff.goto(`${d.base}/console/knowledge?visibility=internal`);
		await staff.getByRole('link', { name: 'Goodwill: what you may give' }).click();
		const body = staff.getByRole('textbox', { name: 'Text in Markdown' });
		await until('the text', async () => (await body.inputValue()).includes('80.00 €'));
		const id = new URL(staff.url()).pathname.split('/').pop();
		const version = await staff.evaluate(async (path) => (await (await fetch(path)).json()).version, `/api/v1/articles/${id}`);
		assert.ok(version);

		const c = await stranger();
		await c.say('How much goodwill may an agent give me, and how much the team lead?');
		await until('the bot to answer', () => c.heard.some((f) => f.t === 'entry' && f.d.kind === 'message' && f.d.from.kind === 'bot'));
		const all = JSON.stringify(c.heard) + (await c.log.innerText());
		for (const secret of ['80.00', '250.00', 'Goodwill: what you may give', 'internal-goodwill-limits', id, version]) {
			assert.ok(!all.includes(secret), `the customer's browser got "${secret}"`);
		}
		const asked = await fetch(`${d.base}/v1/articles/${version}?inbox=${d.tag.match(/data-inbox="([^"]+)"/)[1]}`);
		assert.equal(asked.status, 404);
	});

	await t.test('breaks no policy and throws nothing', () => {
		for (const p of [page, staff, ...others]) assert.deepEqual(p.faults, []);
	});

	await t.test('ends soon after SIGTERM, and leaves nothing behind', async (t) => {
		assert.notDeepEqual(readdirSync(d.temporary), []);
		const began = Date.now();
		await d.server.stop(); // with customers and an agent still connected
		t.diagnostic(`ended in ${Date.now() - began} ms`);
		assert.ok(Date.now() - began < 15_000, 'it took too long');
		assert.equal(d.server.proc.exitCode, 0, d.server.err);
		assert.deepEqual(readdirSync(d.temporary), []);
	});
});

/** Milliseconds from each question to the bot's answer, by the server's clock. */
function answerTimes(entries) {
	const messages = entries.filter((e) => e.kind === 'message');
	return messages.flatMap((e, i) => (e.from.kind === 'bot' ? [Date.parse(e.at) - Date.parse(messages[i - 1].at)] : []));
}
