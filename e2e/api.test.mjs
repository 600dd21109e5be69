// The global function, as pages of a site use it: every method under a strict policy, pages that move on without loading,
// pages that break what scripts stand on, a server that is away, and nothing left after shutdown.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import test from 'node:test';
import { browser, newPage } from './lib/browser.mjs';
import { demo } from './lib/demo.mjs';
import { cli, site, until } from './lib/product.mjs';
import { Widget } from './lib/widget.mjs';

const question = 'How do I clean the burrs of my grinder?';

/** A token as a site's backend signs it. */
function sign(secret, claims) {
	const part = (o) => Buffer.from(JSON.stringify(o)).toString('base64url');
	const head = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ exp: Math.floor(Date.now() / 1000) + 600, ...claims })}`;
	return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`;
}

/** Collects what goes over a page's sockets: page.sent, page.heard, and how many there were. */
function wire(page) {
	Object.assign(page, { sent: [], heard: [], sockets: 0 });
	page.on('websocket', (ws) => {
		page.sockets++;
		ws.on('framesent', ({ payload }) => page.sent.push(JSON.parse(payload)));
		ws.on('framereceived', ({ payload }) => page.heard.push(JSON.parse(payload)));
	});
}

test('the page speaks to the chat', async (t) => {
	const d = await demo(t);
	const b = await browser(t);
	const html = { now: '' };
	const headers = {};
	const url = await site(t, () => html.now, headers);
	await d.allow(url);
	const rotated = await cli(['admin', 'inbox', 'identity', 'rotate', '--data', d.data]);
	const secret = rotated.stdout.match(/fdid_\S+/)[0];
	const begin = async (text) => {
		html.now = `<!doctype html><html lang="en"><title>Shop</title>${text}`;
		const page = await newPage(b);
		page.call = (...args) => page.evaluate((args) => window.Frontdesk(...args), args);
		wire(page);
		await page.goto(url);
		await page.waitForFunction(() => window.Frontdesk);
		return page;
	};
	const frameOf = (page) => until('the frame', () => page.frame({ url: /widget\/v1\/frame/ }));

	await t.test('every method, under a strict policy', async () => {
		headers['Content-Security-Policy'] = `default-src 'none'; script-src ${d.base}; frame-src ${d.base}`;
		const page = await begin(`<h1>Strict</h1>${d.tag}${d.tag}`);
		delete headers['Content-Security-Policy'];
		await page.evaluate(() => {
			window.seen = [];
			for (const name of ['open', 'close', 'unread']) {
				window.Frontdesk('on', name, (detail) => window.seen.push([name, detail]));
				addEventListener(`frontdesk:${name}`, () => window.seen.push(`dom ${name}`));
			}
		});
		assert.equal(await page.locator('frontdesk-widget').count(), 1, 'the tag stands there twice');
		await page.call('open');
		const c = new Widget(page);
		await c.opened();
		await page.call('close');
		await until('the window to close', async () => !(await c.isOpen()));
		await page.call('toggle');
		await until('the window to open', () => c.isOpen());
		await page.call('hide');
		await page.call('open'); // opens without the launcher
		await until('the window to open', () => c.isOpen());
		await page.call('show');

		assert.equal(await page.call('context', { plan: 'gold', list: [1] }), true);
		assert.equal(await page.call('event', 'basket', { total: 9.5 }), true);
		await assert.rejects(page.call('event', ''), /event needs a name/);
		await page.call('message', 'half a question', { send: false });
		assert.equal(await c.frame.locator('textarea').inputValue(), 'half a question');
		await page.call('message', question);
		await c.sees(/Clean the burrs/);
		const { article, title } = page.heard.flatMap((f) => f.d?.answer?.citations ?? [])[0];
		await page.call('close');
		await page.call('article', article);
		await until('the window to open', () => c.isOpen());
		await c.frame.getByRole('heading', { name: title, level: 1 }).waitFor();
		await c.frame.locator('article').getByText(/burr/i).first().waitFor();
		await c.frame.getByRole('button', { name: 'Back' }).click();
		await page.call('article', '0192f000-0000-7000-8000-000000000001');
		await c.frame.getByText(/There is no such article/).waitFor();
		await c.frame.getByRole('button', { name: 'Back' }).click();

		// However often a busy machine made it come again.
		assert.deepEqual([...new Set(page.sent.filter((f) => f.t === 'hello').map((f) => f.d.locale))], ['en']);
		assert.equal(await page.call('locale', 'de-AT'), 'de-DE');
		await until('German', async () => (await c.frame.locator('html').getAttribute('lang')) === 'de-DE');
		await until('the server to be told', () => page.sent.findLast((f) => f.t === 'hello').d.locale === 'de-AT');
		await page.call('theme', 'dark');
		assert.equal(await c.frame.evaluate(() => document.documentElement.style.colorScheme), 'dark');
		await assert.rejects(page.call('theme', 'blue'), /light, dark or auto/);
		await assert.rejects(page.call('nonsense'), /no method nonsense; there are open, close/);
		await assert.rejects(page.evaluate(() => window.Frontdesk('on', 'opne', () => {})), /open, close or unread, and a function/);
		await assert.rejects(page.call('consent', 'yes'), /consent takes true or false/);

		// A site without pages that load: the next question is asked from another one.
		await page.evaluate(() => {
			history.pushState(null, '', '/grinders/m2?private=1#too');
			document.title = 'Grinder M2';
		});
		await page.waitForTimeout(1500);
		const asked = page.heard.length;
		await page.call('message', 'And how often?');
		// Answered and seen: else what comes next is one question with it, or its answer counts among the unread, too.
		const answered = await until('an answer to it', () => page.heard.slice(asked).find((f) => f.t === 'entry' && f.d.kind === 'message' && f.d.from.kind === 'bot'));
		await until('it to be read', () => page.sent.some((f) => f.t === 'read' && f.d.seq >= answered.d.seq));

		// An answer that comes while the window is closed stands before the title, until it is seen.
		await page.evaluate(() => {
			window.Frontdesk('message', 'What does delivery to Austria cost?');
			window.Frontdesk('close');
		});
		await until('the number in the title', async () => (await page.title()) === '(1)\u2002Grinder M2');
		await page.call('open');
		await until('the page’s own title', async () => (await page.title()) === 'Grinder M2');
		// The page has its title before the window has its focus, which it would take from the menu.
		await until('focus in the text field', () => c.frame.evaluate(() => document.activeElement.localName === 'textarea'));

		// The menu, by keyboard alone.
		const menu = c.frame.getByRole('button', { name: /Weitere Optionen/ });
		const sound = c.frame.getByRole('switch');
		await menu.focus();
		await page.keyboard.press('Enter');
		await sound.waitFor();
		await page.keyboard.press('Tab');
		await page.keyboard.press('Space');
		await until('the sound to be on', async () => (await sound.getAttribute('aria-checked')) === 'true');
		await page.keyboard.press('Escape');
		await sound.waitFor({ state: 'hidden' });
		assert.ok(await c.isOpen(), 'Escape closes the menu alone');
		await until('the focus to be back at the button', () => menu.evaluate((el) => el === document.activeElement));
		// Opened with the mouse, the focus stays at the button.
		await menu.click();
		await sound.waitFor();
		await page.keyboard.press('Escape');
		await sound.waitFor({ state: 'hidden' });
		assert.ok(await c.isOpen(), 'Escape closes the menu alone, wherever the focus is');
		assert.equal(await c.frame.evaluate(async () => (await fetch('/v1/here')).status), 204, 'what is asked of a network that signs in is never a page');
		const seen = await page.evaluate(() => window.seen);
		assert.deepEqual(seen.filter((s) => /open|close/.test(s)).slice(0, 4).map(String).sort(), ['close,', 'dom close', 'dom open', 'open,']);
		assert.deepEqual(page.faults, []);
		await page.close();
	});

	await t.test('says who the customer is, renews it, and forgets it', async () => {
		const page = await begin(`<h1>Account</h1>${d.tag}`);
		await page.exposeFunction('newToken', () => sign(secret, { sub: 'u7', name: 'Maria', email: 'maria@example.com' }));
		const wrong = page.call('identify', { jwt: sign('another', { sub: 'u7' }) }).then(() => 'taken', (e) => e.message);
		await page.call('open');
		const c = new Widget(page);
		await c.opened();
		assert.match(await wrong, /signed|secret/i);
		await page.evaluate(() => window.Frontdesk('identify', { token: () => window.newToken() }));
		await page.call('message', question);
		await c.sees(/Clean the burrs/);
		// A second tab of the same site, whose page says the same, and does not hear of the logout.
		const tab = await page.context().newPage();
		await tab.exposeFunction('newToken', () => sign(secret, { sub: 'u7' }));
		await tab.goto(url);
		await tab.waitForFunction(() => window.Frontdesk);
		await tab.evaluate(() => void window.Frontdesk('identify', { token: () => window.newToken() }));
		await tab.evaluate(() => window.Frontdesk('open'));
		const second = new Widget(tab);
		await second.opened();
		await second.sees(question);
		await second.frame.getByRole('textbox', { name: 'Your message' }).fill('half a secret');

		await page.call('logout');
		for (const one of [c, second]) {
			one.frame = await frameOf(one.page);
			await until('a window without the conversation', async () => (await one.frame.getByText(question).count()) === 0 && (await one.frame.locator('textarea').inputValue()) === '');
			const kept = await one.frame.evaluate(() => Object.values(localStorage).join());
			assert.doesNotMatch(kept, /u7|secret/);
		}
		// Whoever signs in at that page later is not taken for the one before.
		await tab.evaluate((jwt) => window.Frontdesk('identify', { jwt }), sign(secret, { sub: 'u7' }));
		second.frame = await frameOf(tab);
		await second.frame.getByText(question).waitFor(); // as the last chat
		await page.context().close();
	});

	await t.test('goes on while tokens end, secrets change and a connection is closed for it', async () => {
		const page = await begin(`<h1>Account</h1>${d.tag}`);
		let [now, sub, given] = [secret, 'u11', 0];
		await page.exposeFunction('newToken', () => {
			given++;
			return sign(now, { sub, exp: Math.floor(Date.now() / 1000) + 4 });
		});
		await page.evaluate(() => void window.Frontdesk('identify', { token: () => window.newToken() }));
		await page.call('open');
		const c = new Widget(page);
		await c.opened();
		await c.say('The first word');
		await c.sees('The first word');
		await until('three tokens', () => given >= 3);
		const next = (await cli(['admin', 'inbox', 'identity', 'rotate', '--data', d.data])).stdout.match(/fdid_\S+/)[0];
		now = next;
		let before = given;
		await until('a token by the new secret', () => given >= before + 2);
		await c.say('The second word');
		await c.sees('The second word');
		// A secret that is dropped counts no longer, the other one does. The newest is named first.
		const [newest, oldest, ...more] = (await cli(['admin', 'inbox', 'identity', 'list', '--data', d.data])).stdout.match(/[0-9a-f-]{36}/g);
		assert.ok(oldest && !more.length, 'two secrets');
		const drop = async (key) => {
			const dropped = await cli(['admin', 'inbox', 'identity', 'drop', '--data', d.data, key]);
			assert.equal(dropped.code, 0, dropped.stderr);
		};
		await drop(oldest);
		before = given;
		await until('a token that was taken, and the next', () => given >= before + 2);
		await c.say('The third word');
		await c.sees('The third word');
		assert.equal(await c.frame.getByText('The first word').count(), 1, 'the newest secret counts');
		await drop(newest);
		await until('a window of nobody', async () => (await c.frame.getByText('The first word').count()) === 0);
		await page.close();
	});

	await t.test('a token of another customer shows nothing of the first', async () => {
		const fresh = (await cli(['admin', 'inbox', 'identity', 'rotate', '--data', d.data])).stdout.match(/fdid_\S+/)[0];
		const page = await begin(`<h1>Account</h1>${d.tag}`);
		let sub = 'u21';
		await page.exposeFunction('newToken', () => sign(fresh, { sub, exp: Math.floor(Date.now() / 1000) + 6 }));
		await page.evaluate(() => void window.Frontdesk('identify', { token: () => window.newToken() }));
		await page.call('open');
		const c = new Widget(page);
		await c.opened();
		await c.say('For my eyes only');
		await c.sees('For my eyes only');
		await c.frame.getByRole('textbox', { name: 'Your message' }).fill('and half a word');
		sub = 'u22';
		await until('a window of the other one', async () => {
			c.frame = await frameOf(page);
			return (await c.frame.getByText('For my eyes only').count()) === 0 && (await c.frame.locator('textarea').inputValue()) === '';
		});
		await c.say('I am another');
		await c.sees('I am another');
		assert.equal(await c.frame.getByText('For my eyes only').count(), 0);
		sub = 'u21';
		await until('the first, who is back', async () => {
			c.frame = await frameOf(page);
			return (await c.frame.getByText('For my eyes only').count()) > 0 && (await c.frame.getByText('I am another').count()) === 0;
		});
		await page.close();
	});

	await t.test('a tag of no inbox says so', async () => {
		const page = await begin(d.tag.replace(/data-inbox="[^"]+"/, 'data-inbox="fd_nobodys"'));
		const said = [];
		page.on('console', (m) => said.push(m.text()));
		await page.call('open');
		await until('the words', () => said.some((s) => /Frontdesk: no answer from/.test(s)));
		await page.close();
	});

	await t.test('a page of another build begins again, with the words that were being written', async () => {
		const page = await begin(d.tag);
		const { hash, html } = await fetch(`${d.base}/widget/v1/frame?inbox=${d.tag.match(/data-inbox="([^"]+)"/)[1]}`).then(async (answer) => {
			const html = await answer.text();
			return { html, hash: html.match(/assets\/([0-9a-f]{16})\//)[1] };
		});
		const old = '0000000000000000';
		assert.ok(html.includes(hash));
		// The page as the server of before the upgrade gave it, with what the browser had loaded by then.
		await page.route(/widget\/v1\/frame/, async (r) => {
			const answer = await r.fetch();
			await r.fulfill({ response: answer, body: (await answer.text()).replaceAll(hash, old), headers: { ...answer.headers(), link: '' } });
		}, { times: 1 });
		for (const file of [/\/app\.js$/, /\/locale-en\.json$/])
			await page.route((at) => at.pathname.includes(old) && file.test(at.pathname), async (r) => r.fulfill({ response: await r.fetch({ url: r.request().url().replace(old, hash) }) }));
		const asked = [];
		page.on('request', (r) => asked.push(new URL(r.url()).pathname));
		let loads = 0;
		page.on('framenavigated', (f) => {
			if (/widget\/v1\/frame/.test(f.url())) loads++;
		});
		await page.call('message', 'words that are not sent', { send: false });
		await until('the page of the new build', () => loads === 2);
		assert.ok(asked.some((path) => path.includes(`${old}/widget/pane-`)), 'a part of the other build was asked for');
		const c = new Widget(page);
		await c.opened();
		assert.equal(await c.frame.locator('textarea').inputValue(), 'words that are not sent');
		assert.match((await c.ask(question)).join(), /Clean the burrs/);
		assert.equal(loads, 2);
		await page.close();
	});

	for (const when of ['before', 'after'])
		await t.test(`works on a page that breaks arrays, promises and messages ${when}`, async () => {
			const hostile = `<script>
				Object.prototype.evil = () => {}; Array.prototype.worse = 1;
				for (const name of ['push', 'forEach', 'map', 'filter', 'splice', 'shift', 'slice']) Array.prototype[name] = () => { throw new Error('Array'); };
				Array.prototype[Symbol.iterator] = () => { throw new Error('iterator'); };
				window.postMessage = () => { throw new Error('postMessage'); };
				window.Promise = function () { throw new Error('Promise'); };
				JSON.parse = JSON.stringify = () => { throw new Error('JSON'); };
				for (const name of ['map', 'find', 'some', 'join', 'concat', 'includes', 'flat', 'findLast', 'at']) Array.prototype[name] = () => { throw new Error(name); };
				setInterval(() => {
					dispatchEvent(new MessageEvent('message', { data: { frontdesk: 'ready' }, source: window.frames[0] ?? null, origin: '${d.base}' }));
				}, 30);
			</script><style>body > *, frontdesk-widget { display: none !important; opacity: 0 !important; } #cover { display: block !important; opacity: 1 !important; position: fixed; inset: 0; z-index: 2147483647; }</style><div id="cover"></div>`;
			html.now = `<!doctype html><title>Hostile</title>${when === 'before' ? hostile + d.tag : ''}`;
			const page = await newPage(b);
			if (when === 'after') html.now = `<!doctype html><title>Hostile</title>${d.tag}<script>addEventListener('load', () => setTimeout(() => document.body.append(document.createRange().createContextualFragment(${JSON.stringify(hostile).replaceAll('</', '<\\/')})), 300))</script>`;
			await page.goto(url);
			const c = new Widget(page);
			await page.waitForTimeout(800);
			const { width, height } = page.viewportSize();
			await page.locator('frontdesk-widget').waitFor({ state: 'attached' });
			await page.mouse.click(width - 52, height - 52);
			await c.opened();
			assert.match((await c.ask(question)).join(), /Clean the burrs/);
			await page.close();
		});

	await t.test('says so while the server is away, and goes on when it is back', async () => {
		const page = await begin(d.tag);
		const said = [];
		page.on('console', (m) => said.push(m.text()));
		await page.route(/widget\/v1\/frame/, (r) => r.abort());
		await page.call('open');
		await until('the words', () => said.some((s) => /Frontdesk: no answer from/.test(s)));
		await page.unroute(/widget\/v1\/frame/);
		await new Widget(page).opened();
		await page.close();
	});

	await t.test('leaves nothing behind after shutdown, and begins anew', async () => {
		const page = await begin(d.tag);
		await page.call('open');
		await new Widget(page).opened();
		await page.evaluate(() => {
			window.opened = 0;
			window.Frontdesk('on', 'open', () => window.opened++);
		});
		await page.call('shutdown');
		assert.equal(await page.locator('frontdesk-widget').count(), 0);
		assert.deepEqual(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.querySelectorAll('iframe').length, document.body.inert]), [0, 0, 0, false]);
		await page.evaluate((tag) => document.body.append(document.createRange().createContextualFragment(tag)), d.tag);
		await until('the launcher', () => page.locator('frontdesk-widget').count());
		await page.call('open');
		await new Widget(page).opened();
		assert.equal(await page.evaluate(() => window.opened), 0);
		assert.deepEqual(page.faults, []);
		await page.close();
	});
});
