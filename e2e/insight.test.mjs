// The supervisor's page: its figures are those of what was done here, it follows what happens, and it can be read in
// every width, theme and language.
import assert from 'node:assert/strict';
import test from 'node:test';
import { clean } from './lib/axe.mjs';
import { browser, newPage } from './lib/browser.mjs';
import { Console } from './lib/console.mjs';
import { demo } from './lib/demo.mjs';
import { until } from './lib/product.mjs';
import { Widget } from './lib/widget.mjs';

const still = { reducedMotion: 'reduce' };

test('insight', async (t) => {
	const d = await demo(t);
	const b = await browser(t);
	const page = await newPage(b, still);
	await new Console(page, d.base).signIn(d.ana);
	const api = (method, path, body) => page.evaluate(async ([method, path, body]) => {
		const res = await fetch(`/api/v1${path}`, { method, headers: { 'Content-Type': 'application/json' }, body: body && JSON.stringify(body) });
		const text = await res.text();
		if (!res.ok) throw new Error(`${method} ${path}: ${res.status} ${text}`);
		return text ? JSON.parse(text) : null;
	}, [method, path, body]);
	const visit = async (...words) => {
		const shop = await newPage(b, still);
		await shop.goto(d.shop);
		const customer = new Widget(shop);
		await customer.open();
		for (const text of words) await customer.say(text);
		return customer;
	};
	const card = (name) => page.getByRole('region', { name, exact: true });
	const before = await api('GET', '/insight');

	await t.test('figures are of what was done', async () => {
		// One is served by the bot, two want a person; one of them is answered and closed.
		const reader = await visit();
		await reader.ask('How do I clean the burrs of my M2?');
		await visit('I would like to talk to a person about an invoice for 12 grinders.');
		await visit('I want to talk to a person, please.');
		const queue = await until('two in the queue', async () => {
			const { data } = await api('GET', '/conversations?view=queue');
			return data.length === 2 && data;
		});
		const [first] = queue;
		const { epoch } = await api('GET', `/conversations/${first.id}`);
		await api('POST', `/conversations/${first.id}/claim`, { epoch });
		await api('POST', `/conversations/${first.id}/reply`, { client_id: crypto.randomUUID(), text: 'Here is your invoice.' });
		await api('POST', `/conversations/${first.id}/close`, { epoch: epoch + 1, outcome: 'solved' });
		const report = await api('GET', '/insight');
		assert.equal(report.served.all - before.served.all, 3);
		assert.equal(report.served.bot - before.served.bot, 1);
		assert.equal(report.served.person - before.served.person, 2);
		assert.deepEqual(report.handed.map((p) => [p.name, p.n]), [['asked', 2]]);
		assert.deepEqual([report.waits.n, report.first_reply.n, report.now.waiting, report.reopened], [1, 1, 1, 0]);
		assert.deepEqual(report.closed.map((p) => [p.name, p.n]), [['solved', 1]]);

		await page.getByRole('link', { name: 'Insight' }).click();
		await card('Waiting now').getByText('1', { exact: true }).waitFor();
		await card('Closed').getByText('1', { exact: true }).waitFor();
		await card('First reply by a person').getByText(/median of 1/).waitFor();
		await card(`The bot alone served ${Math.round((100 * report.alone.n) / report.alone.of)}% of ${report.alone.of}`).waitFor();
		await card('Most often: Asked for a person').getByText('2', { exact: true }).waitFor();
		await card('100% are closed as solved').getByText(/between 21% and 100%/).waitFor();
		const ana = page.getByRole('row').filter({ hasText: 'Ana' });
		await until('what Ana did', async () => /Online[\s\S]*0 of \d[\s\S]*1/.test(await ana.innerText()));
	});

	await t.test('the figures of a chart are a table, too', async () => {
		const served = page.getByRole('region', { name: /^The bot alone served/ }).first();
		await served.getByText('As a table').press('Enter');
		const cells = await served.getByRole('row').last().innerText();
		assert.match(cells.replace(/\s+/g, ' '), /3 1 2 0$/);
		const chart = served.getByRole('img');
		assert.match(await chart.getAttribute('aria-label'), /The bot alone served .*People 67%/);
	});

	await t.test('it follows what happens, without a reload', async () => {
		await visit('May I talk to a person?');
		await card('Waiting now').getByText('2', { exact: true }).waitFor(); // at most so often as it asks
	});

	await t.test('a time is chosen with the keyboard and stays in the address', async () => {
		await page.getByRole('radio', { name: 'Today' }).focus();
		await page.keyboard.press('ArrowRight');
		await page.keyboard.press('Enter');
		await page.waitForURL(/days=7/);
		await page.getByText('Conversations a day').waitFor();
		await page.reload();
		await page.getByText('Conversations a day').waitFor();
		assert.equal(await page.getByRole('radio', { name: '7 days' }).getAttribute('aria-checked'), 'true');
	});

	await t.test('axe finds nothing, in English and in German', async () => {
		await clean(page, page.mainFrame(), 'insight');
		await page.evaluate(() => localStorage.setItem('frontdesk.screen.language', '"de"'));
		await page.reload();
		await page.getByRole('region', { name: 'Warten jetzt' }).waitFor();
		await clean(page, page.mainFrame(), 'insight in German');
		await page.setViewportSize({ width: 360, height: 780 });
		// Charts are drawn again for another width, some time after it.
		await until('nothing wider than the screen', async () => (await page.evaluate(() => document.documentElement.scrollWidth)) === 360);
	});
	assert.deepEqual(page.faults, []);
});
