// How conversations come to agents: an admin sets it, one agent is asked, lets
// the offer lapse, the next takes it by key; another is declined.
import assert from 'node:assert/strict';
import test from 'node:test';
import { clean } from './lib/axe.mjs';
import { browser, newPage } from './lib/browser.mjs';
import { Console } from './lib/console.mjs';
import { demo } from './lib/demo.mjs';
import { until } from './lib/product.mjs';
import { Widget } from './lib/widget.mjs';

const still = { reducedMotion: 'reduce' };
const mira = { name: 'Mira', email: 'mira@kesselkorn.example', password: 'a long enough password', role: 'agent' };

test('offers go round', async (t) => {
	const d = await demo(t);
	const b = await browser(t);
	const [ana, jon] = [await newPage(b, still), await newPage(b, still)];
	const staff = [ana, jon];
	const card = (page) => page.getByRole('region', { name: 'Offered to you' });
	/** Waits until one of the pages shows an offer, and gives that page and the other. */
	const offered = async () => {
		await until('an offer', async () => (await Promise.all(staff.map((page) => card(page).count()))).some(Boolean));
		return (await card(ana).count()) ? [ana, jon] : [jon, ana];
	};
	/** A customer who asks for a person. */
	const customer = async (words) => {
		const page = await newPage(b, still);
		await page.goto(d.shop);
		const c = new Widget(page);
		await c.open();
		await c.say(words);
		await c.frame.getByText(/in line|A person takes over/).first().waitFor({ timeout: 20_000 });
		return c;
	};
	const api = (page, method, path, body) =>
		page.evaluate(
			async ([method, path, body]) => {
				const headers = { 'Content-Type': 'application/json' };
				const res = await fetch(`/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
				return { status: res.status, body: await res.json() };
			},
			[method, path, body],
		);

	/** Offers stand for a minute from now on. */
	const longer = async () => {
		const { revision, routing } = (await api(ana, 'GET', '/routing')).body;
		assert.equal((await api(ana, 'PUT', '/routing', { revision, routing: { ...routing, offer_seconds: 60 } })).status, 200);
	};

	await new Console(ana, d.base).signIn(d.ana);
	const made = await api(ana, 'POST', '/users', mira);
	assert.equal(made.status, 200);
	await new Console(jon, d.base).signIn(mira);

	await t.test('an admin sets routing, and what an agent takes', async () => {
		await ana.goto(`${d.base}/console/settings/routing`);
		await ana.getByRole('radio', { name: 'Offer' }).click();
		await ana.getByLabel('Seconds to accept').fill('4');
		await ana.getByText('5 to 600 seconds').waitFor();
		assert.equal(await ana.getByRole('button', { name: 'Save', exact: true }).isDisabled(), true);
		await ana.getByLabel('Seconds to accept').fill('8');
		await ana.getByRole('button', { name: 'Add a rule' }).click();
		await ana.getByRole('listitem', { name: 'Rule 1' }).getByLabel('Value').fill('invoice');
		await ana.getByRole('listitem', { name: 'Rule 1' }).getByLabel('Skills').fill('billing, tax');
		await clean(ana, ana.mainFrame(), 'routing');
		await ana.keyboard.press('Control+s');
		await until('saved', async () => (await api(ana, 'GET', '/routing')).body.revision === 1);
		const { routing } = (await api(ana, 'GET', '/routing')).body;
		assert.deepEqual([routing.mode, routing.offer_seconds, routing.rules[0].skills], ['offer', 8, ['billing', 'tax']]);
		await ana.goto(`${d.base}/console/team`);
		await ana.getByRole('button', { name: /Change what Mira takes/ }).click();
		await ana.getByLabel('Chats at once').fill('2');
		await ana.getByLabel('Languages').fill('en, de');
		await ana.getByRole('button', { name: 'Save', exact: true }).click();
		await ana.getByRole('button', { name: 'Change what Mira takes: 2 chats · de · en' }).waitFor();
		await clean(ana, ana.mainFrame(), 'team');
		await ana.goto(`${d.base}/console/inbox/queue`);
	});

	await t.test('an offer lapses and goes to the other, who accepts it by key', async () => {
		await customer('Can I talk to a person?');
		const [first, second] = await offered();
		await card(first).getByText(/\d seconds? left/).waitFor();
		// The next offer stands longer: whoever is asked then has time to press a key.
		await longer();
		await card(second).waitFor({ timeout: 15_000 });
		await card(first).waitFor({ state: 'detached' });
		await second.locator('body').press('Enter');
		await second.waitForURL(/\/inbox\/mine\/./);
		await card(second).waitFor({ state: 'detached' });
		await second.getByRole('main').getByRole('log').getByText('Can I talk to a person?').first().waitFor();
	});

	await t.test('a declined offer goes to the other', async () => {
		await customer('I want to speak to a person, please.');
		const [first, second] = await offered();
		await clean(first, first.mainFrame(), 'an offer');
		await card(first).getByRole('button', { name: 'Decline' }).click();
		await card(first).waitFor({ state: 'detached' });
		await card(second).getByRole('button', { name: 'Accept' }).click();
		await second.waitForURL(/\/inbox\/mine\/./);
	});
	assert.deepEqual(staff.flatMap((page) => page.faults), []);
});
