// The strictest host that a site can be: a content security policy with our script and our frame and nothing else, an
// integrity, and the policies that isolate a page from others. A conversation goes through all of it without a violation,
// on either side; and the frame's own policy refuses what it says it does.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import test from 'node:test';
import { browser, newPage } from './lib/browser.mjs';
import { Console } from './lib/console.mjs';
import { demo } from './lib/demo.mjs';
import { cli, repository, site, until } from './lib/product.mjs';
import { Widget } from './lib/widget.mjs';

/** A picture of one pixel. */
const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

test('the strictest host', async (t) => {
	const d = await demo(t);
	const embed = async (...args) => {
		const { code, stdout, stderr } = await cli(['embed', '--data', d.data, ...args]);
		assert.equal(code, 0, stderr);
		return stdout.trim();
	};
	const [tag, policy] = [await embed('--integrity'), await embed('--csp')];
	const b = await browser(t);
	const page = await newPage(b, { reducedMotion: 'reduce' });
	const violations = [];
	await page.exposeBinding('violated', (_, text) => violations.push(text));
	await page.addInitScript(() => {
		addEventListener('securitypolicyviolation', (e) => window.violated(`${e.documentURI}: ${e.violatedDirective} forbids ${e.blockedURI}, ${e.sample}`));
	});
	const loaded = new Set();
	page.on('requestfinished', (r) => loaded.add(new URL(r.url()).pathname.split('/').pop()));
	const host = await site(t, () => `<!doctype html><html lang="en"><head><title>Strict</title>${tag}</head><body><h1>Strict</h1></body></html>`, {
		'Content-Security-Policy': `default-src 'none'; ${policy}`,
		'Cross-Origin-Embedder-Policy': 'require-corp',
		'Cross-Origin-Opener-Policy': 'same-origin',
	});
	await d.allow(host);
	const c = new Widget(page);

	await t.test('isolates its page, and has the chat', async () => {
		await page.goto(host);
		assert.equal(await page.evaluate(() => crossOriginIsolated), true);
		await c.open();
		assert.match((await c.ask('How do I clean the burrs of my M2?')).join(), /Clean the burrs/);
		await c.log.getByRole('list', { name: /source/ }).getByRole('button').first().click();
		await c.frame.locator('mark').first().waitFor();
		await c.frame.getByRole('button', { name: 'Back' }).click();
	});

	await t.test('has a person, a file and a rating', async () => {
		const staff = await newPage(b);
		const agent = new Console(staff, d.base);
		await agent.signIn(d.ana);
		await c.askForPerson();
		await agent.openFirst();
		await agent.take();
		const api = async (path, options) => {
			const answer = await staff.request.post(`${d.base}/api/v1/conversations/${agent.id()}/${path}`, { headers: { Origin: d.base }, ...options });
			assert.ok(answer.ok(), await answer.text());
			return answer.json();
		};
		const file = await api('files', { multipart: { file: { name: 'burrs.png', mimeType: 'image/png', buffer: pixel } } });
		await api('reply', { data: { client_id: randomUUID(), text: 'Like this.', files: [file.id] } });
		const picture = c.frame.getByRole('img', { name: 'burrs.png' });
		await until('the picture', () => picture.evaluate((img) => img.complete && img.naturalWidth === 1));
		await agent.close();
		await c.frame.getByText('How did Ana do?').waitFor();
	});

	await t.test('lets every part of the widget in', async () => {
		const files = readdirSync(`${repository}/widget/dist`).filter((name) => /^pane-.*\.js$/.test(name));
		assert.ok(files.length > 0);
		const script = await c.frame.evaluate(() => document.querySelector('script[src$="/app.js"]').src);
		await c.frame.evaluate(async ([script, files]) => {
			for (const file of files) await import(new URL(file, script).href);
		}, [script, files]);
		// That a request is over is told beside what a page answers, so it may come later.
		for (const name of ['frontdesk.js', 'frame', 'app.js', 'app.css', 'brand.css', ...files]) await until(name, () => loaded.has(name));
		await page.keyboard.press('Escape');
		assert.deepEqual(violations, []);
		assert.deepEqual(page.faults, []);
	});

	await t.test('and the frame refuses what its own policy does', async () => {
		const refused = await c.frame.evaluate(async () => {
			await new Promise((r) => setTimeout(r)); // the debugger's own words may use eval; ours may not
			const out = {};
			const tries = {
				html: () => Object.assign(document.createElement('p'), { innerHTML: '<b>x</b>' }),
				eval: () => window.eval('1'),
				policy: () => window.trustedTypes.createPolicy('ours', {}),
				script: () => Object.assign(document.createElement('script'), { src: '/x.js' }),
				fetch: () => fetch('https://example.com/'),
				style: () => {
					const el = document.createElement('p');
					el.setAttribute('style', 'color:red');
					document.body.append(el);
					const took = el.style.color === 'red';
					el.remove();
					if (!took) throw Error('no style');
				},
			};
			for (const [name, attempt] of Object.entries(tries)) {
				try {
					await attempt();
					out[name] = 'let through';
				} catch {
					out[name] = 'refused';
				}
			}
			return out;
		});
		assert.deepEqual(refused, { html: 'refused', eval: 'refused', policy: 'refused', script: 'refused', fetch: 'refused', style: 'refused' });
		await until('the browser to tell of each', () => violations.length >= 5); // so none was overheard before
	});

	await t.test('and the browser holds to the list of sites', async () => {
		const key = d.tag.match(/data-inbox="([^"]+)"/)[1];
		const shop = await site(t, () => `<!doctype html><title>Shop</title><iframe src="${d.base}/widget/v1/frame?inbox=${key}#x"></iframe>`);
		const { port } = new URL(shop);
		/** Whether a page at origin gets the frame when the list is sites. */
		const framed = async (origin, ...sites) => {
			const set = await cli(['admin', 'inbox', 'set', '--data', d.data, ...sites.flatMap((s) => ['--sites', s])]);
			assert.equal(set.code, 0, set.stderr);
			const page = await newPage(b);
			await page.goto(origin);
			const child = page.frames()[1];
			const got = await until('the frame', async () => {
				const url = await child.evaluate(() => location.href).catch(() => '');
				return /^chrome-error:|\/widget\/v1\/frame/.exec(url)?.[0];
			});
			await page.close();
			return got === '/widget/v1/frame';
		};
		for (const [origin, sites, want] of [
			[`http://127.0.0.1:${port}`, [`http://127.0.0.1:${port}`], true],
			[`http://localhost:${port}`, [`http://127.0.0.1:${port}`], false],
			[`http://127.0.0.1:${port}`, ['http://127.0.0.1:1'], false],
			[`http://shop.localhost:${port}`, [`http://*.localhost:${port}`], true],
			[`http://localhost:${port}`, [`http://*.localhost:${port}`], false],
			[`http://localhost:${port}`, [`http://127.0.0.1:1`, `http://localhost:${port}`], true],
		]) assert.equal(await framed(origin, ...sites), want, `${origin} with ${sites}`);
	});
});
