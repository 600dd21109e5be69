// What a site says of its customers, from the page and by a signed token: kept only as the inbox allows, shown beside the
// conversation, used to say who comes first; and a merge that an agent undoes. FRONTDESK_PICTURES names a folder for pictures.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import test from 'node:test';
import { clean } from './lib/axe.mjs';
import { browser, newPage } from './lib/browser.mjs';
import { Console } from './lib/console.mjs';
import { demo } from './lib/demo.mjs';
import { site, until } from './lib/product.mjs';
import { Widget } from './lib/widget.mjs';

const pictures = process.env.FRONTDESK_PICTURES;
const looks = [
	['light', 1440, 900],
	['dark', 1440, 900],
	['light', 360, 740],
	['dark', 360, 740],
];

test('what is known of visitors', async (t) => {
	const d = await demo(t);
	const b = await browser(t);
	const agent = new Console(await newPage(b, { reducedMotion: 'reduce', viewport: { width: 1440, height: 900 } }), d.base);
	const { page } = agent;
	await agent.signIn(d.ana);
	const api = (path, method = 'GET') =>
		page.evaluate(async ([path, method]) => {
			const answer = await fetch(`/api/v1${path}`, { method });
			if (!answer.ok) throw new Error(await answer.text());
			return answer.json();
		}, [path, method]);
	const inbox = (await api('/me')).inboxes[0];
	const { secret } = await api(`/inboxes/${inbox.id}/identity/rotate`, 'POST');
	const take = async (name, only = looks) => {
		if (!pictures) return;
		mkdirSync(pictures, { recursive: true });
		for (const [colorScheme, width, height] of only) {
			await page.emulateMedia({ colorScheme });
			await page.setViewportSize({ width, height });
			const asked = page.getByRole('button', { name: 'Customer (C)' });
			if (width < 700 && (await asked.count()) && !(await page.locator('.panel').isVisible())) await asked.first().click();
			await page.waitForTimeout(300);
			await page.screenshot({ path: `${pictures}/${name}-${width}-${colorScheme}.png` });
		}
		await page.emulateMedia({ colorScheme: 'light' });
		await page.setViewportSize({ width: 1440, height: 900 });
	};

	await t.test('an inbox keeps page views, with consent', async () => {
		await page.goto(`${d.base}/console/settings/widget`);
		const group = page.getByRole('region', { name: 'Privacy' });
		await group.getByLabel('Keep the pages that customers see').check();
		await group.getByLabel('Ask for consent first').check();
		await group.scrollIntoViewIfNeeded();
		await clean(page, page.mainFrame(), 'privacy');
		await take('1-privacy');
		await page.getByRole('button', { name: 'Save', exact: true }).click();
		await page.getByText(/^saved \d/).waitFor();
	});

	await t.test('a plan comes first', async () => {
		await page.goto(`${d.base}/console/settings/routing`);
		await page.getByRole('button', { name: 'Add a rule' }).click();
		const rule = page.getByRole('listitem', { name: 'Rule 1' });
		await rule.getByRole('button', { name: /^(first words contain )?If|If/ }).first().click();
		await page.getByRole('option', { name: 'attribute is' }).click();
		await rule.getByLabel('Attribute', { exact: true }).fill('plan');
		await rule.getByLabel('Value').fill('business');
		await rule.getByRole('button', { name: /Priority/ }).click();
		await page.getByRole('option', { name: /High/ }).click();
		await clean(page, page.mainFrame(), 'routing');
		await rule.scrollIntoViewIfNeeded();
		await take('2-rule');
		await page.getByRole('button', { name: 'Save', exact: true }).click();
		await page.getByText('not saved yet').waitFor({ state: 'detached' });
	});

	await t.test('the widget says nothing of its visitor before it may, and nothing after', async () => {
		const tracked = /^(context|event|visit|consent)$/;
		let html = '';
		const url = await site(t, () => html);
		await d.allow(url);
		/** A page of the shop; sent is what its widget says. */
		const shop = async (attribute = '', options = {}, prepare = () => {}) => {
			const one = await newPage(b, { reducedMotion: 'reduce', ...options });
			one.sent = [];
			one.on('websocket', (ws) => ws.on('framesent', ({ payload }) => one.sent.push(JSON.parse(payload))));
			one.kinds = () => one.sent.map((f) => f.t).filter((kind) => tracked.test(kind));
			one.call = (...args) => one.evaluate((args) => window.Frontdesk(...args), args);
			await prepare(one);
			html = `<!doctype html><html lang="en"><title>Shop</title>${d.tag.replace('data-inbox=', `${attribute} data-inbox=`)}`;
			await one.goto(url);
			await one.waitForFunction(() => window.Frontdesk);
			one.c = new Widget(one);
			await one.c.open();
			return one;
		};
		const all = (one) => Promise.all([one.call('context', { plan: 'gold' }), one.call('event', 'looked')]);

		const visitor = await shop();
		assert.deepEqual(await all(visitor), [false, false]);
		await visitor.c.ask('What does delivery to Austria cost?');
		assert.deepEqual(visitor.kinds(), []);
		assert.doesNotMatch(JSON.stringify(visitor.sent), new RegExp(url), 'the page is not told either');
		assert.equal(await visitor.call('consent', true), true);
		await until('the page', () => visitor.kinds().includes('visit'));
		assert.deepEqual(await all(visitor), [true, true]);
		await until('all of it on the line', () => new Set(visitor.kinds()).size > 3);
		assert.deepEqual([...new Set(visitor.kinds())].sort(), ['consent', 'context', 'event', 'visit']);
		await visitor.c.say('Thank you');
		await until('the page of the message', () => visitor.sent.some((f) => f.t === 'send' && f.d.page?.url === `${url}/`));

		// Closed: pages are told no more.
		const { conversation } = visitor.sent.find((f) => f.t === 'send').d;
		await page.goto(`${d.base}/console/inbox/all/${conversation}`);
		await agent.log().waitFor();
		await page.getByRole('button', { name: /^Close/ }).first().click();
		await until('the end', () => visitor.c.frame.getByText(/closed the chat|Chat ended|How did/).first().isVisible());
		const before = visitor.sent.filter((f) => f.t === 'visit').length;
		await visitor.evaluate(() => history.pushState(null, '', '/elsewhere'));
		await visitor.waitForTimeout(1_200); // it looks once a second
		assert.equal(visitor.sent.filter((f) => f.t === 'visit').length, before);
		assert.equal(await visitor.call('consent', false), true);
		assert.deepEqual(await all(visitor), [false, false]);
		await visitor.context().close();

		// What the tag says is told without a call.
		const agreed = await shop('data-consent="true"');
		await until('the consent of the tag', () => agreed.kinds().includes('consent') && agreed.kinds().includes('visit'));
		assert.equal(agreed.sent.find((f) => f.t === 'consent').d.given, true);
		await agreed.context().close();
		const declined = await shop('data-consent="false"');
		await until('the word of the tag', () => declined.kinds().includes('consent'));
		assert.deepEqual(await all(declined), [false, false]);
		assert.deepEqual(declined.sent.filter((f) => tracked.test(f.t)).map((f) => f.d.given), [false]);
		await declined.context().close();

		// Browsers that ask not to be tracked, whatever the page says.
		for (const [name, value, header] of [['doNotTrack', '1', 'DNT'], ['globalPrivacyControl', true, 'Sec-GPC']]) {
			const quiet = await shop('data-consent="true"', { extraHTTPHeaders: { [header]: '1' } }, (one) =>
				one.addInitScript(([name, value]) => Object.defineProperty(Navigator.prototype, name, { get: () => value }), [name, value]));
			assert.equal(await quiet.call('consent', true), false);
			assert.deepEqual(await all(quiet), [false, false]);
			await quiet.c.ask('What does delivery to Austria cost?');
			assert.deepEqual(quiet.kinds(), [], name);
			assert.doesNotMatch(JSON.stringify(quiet.sent), new RegExp(url), name);
			assert.deepEqual(quiet.faults, []);
			await quiet.context().close();
		}
	});

	const host = await newPage(b);
	await host.goto(`${d.base}/console/`);
	const cart = { url: `${d.shop}/cart`, title: 'Your cart' };
	const first = await visitor(host, { inbox: inbox.key });
	await t.test('without consent nothing is kept', async () => {
		assert.equal(first.session.inbox.privacy.consent, true);
		for (const [type, data] of [['context', { attributes: { plan: 'business' } }], ['event', { name: 'bought' }], ['visit', { page: cart }]]) {
			assert.equal((await first.ask(type, data)).code, 'forbidden', type);
		}
		await first.ok('consent', { given: true });
		await first.ok('context', { attributes: { plan: 'business', seats: 12 } });
		await first.ok('visit', { page: { url: `${d.shop}/`, title: 'Kessel & Korn' } });
		await first.ok('event', { name: 'added to cart', properties: { sku: 'KK-M2', price: 189 } });
		await first.ok('visit', { page: cart });
		await first.person('I have a question about my invoice.');
	});

	// Somebody asks, signs in at the site, and asks for a person later than the first.
	const before = await visitor(host, { inbox: inbox.key });
	await before.person('Where is the invoice of my last order?');
	const named = { sub: '42', name: 'Mara Lind', email: 'mara@example.com', plan: 'business', attributes: { seats: 40, renewal: '2027-03-01' } };
	const second = await visitor(host, { inbox: inbox.key, visitor_token: before.session.visitor_token, user_jwt: jwt(secret, named) });
	await second.person('I need it for our accounts, please.');

	await t.test('who is in front, and why', async () => {
		await page.goto(`${d.base}/console/inbox/queue`);
		const rows = page.getByRole('list', { name: 'Queue' }).getByRole('link');
		await until('the queue', async () => (await rows.count()) === 3);
		await rows.first().filter({ hasText: /Mara Lind[\s\S]*plan: business/ }).waitFor();
		assert.equal(await page.getByText('plan: business').count(), 1, 'what the page says moves nobody');
		await rows.first().click();
		await agent.brief().getByText('It comes ahead of others because plan is business.').waitFor();
	});

	const panel = page.getByRole('complementary', { name: 'Customer' });
	await t.test('the panel says what is verified', async () => {
		const plan = panel.locator('.known > div', { hasText: 'plan' });
		await plan.getByText('verified', { exact: true }).waitFor();
		await panel.getByText('2027-03-01').waitFor();
		await panel.getByText(/1 conversation of this browser became theirs/).waitFor();
		await clean(page, page.mainFrame(), 'panel');
		await take('3-panel');
	});

	await t.test('a merge is undone', async () => {
		await panel.getByRole('button', { name: 'It was somebody else' }).click();
		const dialog = page.getByRole('alertdialog', { name: 'Take them apart?' });
		await dialog.getByText(/goes back to the anonymous visitor/).waitFor();
		await take('4-undo', looks.slice(0, 2));
		await dialog.getByRole('button', { name: 'Give back to the visitor' }).click();
		await panel.getByText(/1 conversation given back to the visitor/).waitFor();
		assert.equal(await panel.getByRole('button', { name: 'It was somebody else' }).count(), 0);
	});

	await t.test('what was done on the website', async () => {
		await page.getByRole('list', { name: 'Queue' }).getByRole('link', { name: /about my invoice/ }).click();
		await panel.getByRole('link', { name: /Your cart/ }).waitFor();
		await panel.getByText('sku: KK-M2').waitFor();
		await panel.locator('.known > div', { hasText: 'plan' }).getByText('unverified').waitFor();
		await clean(page, page.mainFrame(), 'activity');
		await take('5-activity');
		await first.ok('consent', { given: false });
		await page.reload();
		await panel.getByText('Page at the start').waitFor();
		assert.equal(await panel.getByText('Your cart').count(), 0, 'consent that is withdrawn erases');
	});
	assert.deepEqual(page.faults, []);
});

/**
 * A customer's client without a widget: sessions and frames as the protocol has them. host is a page of the server's own
 * origin, as the widget's frame is.
 */
async function visitor(host, credentials) {
	const answer = await fetch(new URL('/v1/session', host.url()), { method: 'POST', body: JSON.stringify({ ...credentials, locale: 'en' }), headers: { 'Content-Type': 'application/json' } });
	assert.equal(answer.status, 200);
	const session = await answer.json();
	const asks = await host.evaluateHandle(async () => {
		const socket = new WebSocket('/v1/socket', 'frontdesk.chat.v1');
		const waiting = new Map();
		socket.addEventListener('message', ({ data }) => {
			const frame = JSON.parse(data);
			waiting.get(frame.id)?.(frame.t === 'error' ? frame.d : {});
		});
		await new Promise((open, fail) => {
			socket.addEventListener('open', open);
			socket.addEventListener('error', fail);
		});
		let n = 0;
		return (t, d) =>
			new Promise((answered) => {
				const id = String(++n);
				waiting.set(id, answered);
				socket.send(JSON.stringify({ t, id, d }));
			});
	});
	const ask = (type, data) => asks.evaluate((send, [t, d]) => send(t, d), [type, data]);
	const ok = async (type, data) => assert.deepEqual(await ask(type, data), {}, type);
	await ok('hello', { token: session.socket_token, locale: 'en' });
	const person = async (text) => {
		const conversation = uuid();
		await ok('send', { conversation, client_id: uuid(), text });
		await ok('request_person', { conversation, client_id: uuid() });
	};
	return { session, ask, ok, person };
}

function uuid() {
	const hex = Date.now().toString(16).padStart(12, '0');
	const rest = crypto.randomUUID().slice(15);
	return `${hex.slice(0, 8)}-${hex.slice(8)}-7${rest}`;
}

function jwt(secret, claims) {
	const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
	const body = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ ...claims, exp: Math.floor(Date.now() / 1000) + 3600 })}`;
	return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
}
