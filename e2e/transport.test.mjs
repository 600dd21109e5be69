// Messages on a bad day: a proxy that breaks websockets, one that holds streams back, a network that goes and comes, a
// browser without a database; and several tabs, which share one connection.
import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import test from 'node:test';
import { browser, newPage } from './lib/browser.mjs';
import { demo } from './lib/demo.mjs';
import { until } from './lib/product.mjs';
import { Widget } from './lib/widget.mjs';

/** A proxy as companies have them. streams: held answers come when they are whole, so a stream never does. */
async function proxy(t, base) {
	const to = new URL(base);
	const p = { websockets: true, streams: true, portal: false, asked: [], open: 0 };
	const server = http.createServer((req, res) => {
		p.asked.push(req.url);
		if (p.portal) {
			res.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>Sign in to this network</title>');
			return;
		}
		const up = http.request({ host: to.hostname, port: to.port, method: req.method, path: req.url, headers: req.headers }, (answer) => {
			res.writeHead(answer.statusCode, answer.headers);
			if (!p.streams && req.url === '/v1/stream') answer.resume();
			else answer.pipe(res);
		});
		up.on('error', () => res.destroy());
		res.on('close', () => up.destroy());
		req.pipe(up);
	});
	server.on('upgrade', (req, client, head) => {
		p.asked.push(req.url);
		if (!p.websockets) {
			client.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
			return;
		}
		const up = net.connect(to.port, to.hostname, () => {
			const lines = Object.entries(req.headers).map(([k, v]) => `${k}: ${v}\r\n`);
			up.write(`GET ${req.url} HTTP/1.1\r\n${lines.join('')}\r\n`);
			up.write(head);
			client.pipe(up).pipe(client);
			p.open++;
			client.once('close', () => p.open--);
		});
		for (const s of [client, up]) s.on('error', () => {}).on('close', () => { client.destroy(); up.destroy(); });
	});
	await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
	t.after(() => { server.closeAllConnections(); server.close(); });
	p.base = `http://127.0.0.1:${server.address().port}`;
	return p;
}

test('messages on a bad day', async (t) => {
	const d = await demo(t);
	const b = await browser(t);
	const key = d.tag.match(/data-inbox="([^"]+)"/)[1];
	const line = await proxy(t, d.base);

	/** The widget as a page of its own, in the browser of one customer. */
	const open = async (page) => {
		await page.goto(`${line.base}/widget/v1/frame?inbox=${key}`);
		const customer = new Widget(page);
		await customer.opened();
		return customer;
	};
	const stranger = async (prepare = () => {}) => {
		const page = await newPage(b);
		await prepare(page);
		line.asked = [];
		return open(page);
	};
	const times = (path) => line.asked.filter((url) => url === path).length;
	const once = async (customer, text) => {
		await customer.sees(text);
		assert.equal(await customer.times(text), 1, `"${text}" stands once`);
	};
	/** The customer's browser is closed, and nothing of it is left on the line. */
	const gone = async (customer) => {
		await customer.page.context().close();
		await until('the line to be free', () => line.open === 0);
	};
	/** Nothing is on its way any more. */
	const sent = (customer) => until('all is sent', async () => (await customer.frame.locator('.me.wait, .me .wait').count()) === 0);

	await t.test('a proxy that breaks websockets: a stream', async () => {
		line.websockets = false;
		const customer = await stranger();
		await customer.ask('What does delivery to Austria cost?');
		assert.equal(times('/v1/socket'), 2);
		assert.equal(times('/v1/stream'), 1);
		// What worked is remembered for the tab.
		line.asked = [];
		await customer.page.reload();
		await customer.opened();
		await customer.ask('How do I clean the burrs of my M2?');
		assert.deepEqual([times('/v1/socket'), times('/v1/stream'), times('/v1/poll')], [0, 1, 0]);
		assert.deepEqual(customer.page.faults, []);
		await gone(customer);
	});

	await t.test('one that holds streams back, too: polls', async () => {
		line.streams = false;
		const customer = await stranger((page) => page.clock.install());
		await until('a stream is tried', async () => {
			await customer.page.clock.runFor(1_000);
			return times('/v1/stream') === 1;
		});
		await customer.page.clock.runFor(11_000);
		await until('polls', () => times('/v1/poll') > 0);
		await customer.page.clock.resume();
		await customer.ask('What does delivery to Austria cost?');
		assert.deepEqual(customer.page.faults, []);
		Object.assign(line, { websockets: true, streams: true });
		await gone(customer);
	});

	await t.test('a network that goes and comes', async () => {
		const customer = await stranger();
		await customer.ask('What does delivery to Austria cost?');
		await customer.page.context().setOffline(true);
		await customer.say('Are you there?');
		await customer.say('I am in a tunnel.');
		await customer.frame.getByText(/No connection/).first().waitFor();
		await customer.page.context().setOffline(false);
		await sent(customer);
		await once(customer, 'Are you there?');
		await once(customer, 'I am in a tunnel.');
		await gone(customer);
	});

	await t.test('a network that wants a sign-in first', async () => {
		const customer = await stranger();
		await customer.ask('What does delivery to Austria cost?');
		line.portal = true;
		await customer.page.context().setOffline(true);
		await customer.page.context().setOffline(false);
		await customer.say('Behind a portal');
		await customer.frame.getByText(/wants you to sign in first/).first().waitFor();
		line.portal = false;
		// It may have tried by itself just now, and the button is gone.
		await customer.frame.getByRole('button', { name: 'Try now' }).click({ timeout: 2_000 }).catch(() => {});
		await sent(customer);
		await once(customer, 'Behind a portal');
		await gone(customer);
	});

	await t.test('a browser without a database, closed right after', async () => {
		const customer = await stranger((page) => page.addInitScript(() => {
			Object.defineProperty(window, 'indexedDB', { get() { throw new DOMException('denied', 'SecurityError'); } });
		}));
		await customer.ask('What does delivery to Austria cost?');
		await customer.page.context().setOffline(true);
		await customer.say('Still here after a reload?');
		await customer.page.context().setOffline(false);
		await customer.page.reload();
		await customer.opened();
		await sent(customer);
		await once(customer, 'Still here after a reload?');
		assert.deepEqual(customer.page.faults, []);
		await gone(customer);
	});

	await t.test('several tabs share one connection, and the next one takes over', async () => {
		const first = await stranger();
		await first.ask('What does delivery to Austria cost?');
		const second = await open(await first.page.context().newPage());
		await second.sees('What does delivery to Austria cost?');
		await second.say('From the second tab');
		for (const tab of [first, second]) await once(tab, 'From the second tab');
		await first.say('From the first tab');
		for (const tab of [first, second]) await once(tab, 'From the first tab');
		assert.equal(times('/v1/socket'), 1);
		assert.deepEqual(first.page.faults, []);
		await sent(second);

		const opening = Date.now();
		const third = await open(await first.page.context().newPage());
		await third.sees('From the first tab');
		const begun = Date.now();
		await first.page.close();
		await until('another connection', () => times('/v1/socket') === 2);
		const took = Date.now() - begun;
		await second.say('After the first was closed');
		for (const tab of [second, third]) await once(tab, 'After the first was closed');
		assert.equal(times('/v1/socket'), 2);
		// On a machine that is slow to open a tab, closing one and connecting another takes its time, too.
		assert.ok(took < Math.max(1_000, begun - opening), `handed over after ${took} ms, a tab opened in ${begun - opening}`);
		await gone(second);
	});

	await t.test('ten tabs share one connection; a leader that is frozen, or closed with words on their way, loses none', async () => {
		const first = await stranger();
		await first.ask('What does delivery to Austria cost?');
		const context = first.page.context();
		const tabs = [first];
		while (tabs.length < 9) tabs.push(await open(await context.newPage()));
		for (const tab of tabs) await tab.sees('What does delivery to Austria cost?');
		assert.equal(times('/v1/socket'), 1);
		assert.equal(line.open, 1, 'the server has one connection of nine tabs');

		// A browser freezes a tab that nobody looks at: it holds the lock and does nothing. Whoever comes finds it asleep.
		const debug = await context.newCDPSession(first.page);
		await debug.send('Debugger.enable');
		await debug.send('Debugger.pause');
		tabs.push(await open(await context.newPage()));
		await until('another connection', () => times('/v1/socket') === 2);
		await tabs[1].say('Who leads now?');
		for (const tab of tabs.slice(1)) await once(tab, 'Who leads now?');
		await debug.send('Debugger.disable');
		await once(first, 'Who leads now?');
		await until('one connection of ten tabs', () => line.open === 1);

		// Each of the others says something while the leader goes.
		const holds = (tab) => tab.frame.evaluate(async () => {
			let mine;
			await navigator.locks.request(`whose ${Math.random()}`, async ({ name }) => {
				mine = (await navigator.locks.query()).held.find((l) => l.name === name).clientId;
			});
			return (await navigator.locks.query()).held.some((l) => l.clientId === mine);
		});
		const leads = await Promise.all(tabs.map(holds));
		assert.equal(leads.filter(Boolean).length, 1);
		const leader = tabs[leads.indexOf(true)];
		const others = tabs.filter((tab) => tab !== leader);
		await Promise.all([...others.slice(0, 4).map((tab, i) => tab.say(`From tab ${i}`)), leader.page.close()]);
		for (let i = 0; i < 4; i++) for (const tab of others) await once(tab, `From tab ${i}`);
		for (const tab of others) await sent(tab);
		const lists = await Promise.all(others.map((tab) => tab.list()));
		for (const list of lists) assert.deepEqual(list, lists[0], 'every tab shows the same');
		await until('one connection of nine tabs', () => line.open === 1);
		await context.close();
	});
});
