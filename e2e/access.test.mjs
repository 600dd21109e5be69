// What holds for everybody: axe finds nothing on any page, the keyboard is
// enough, and the widget works beside strict, hostile and private hosts.
import assert from 'node:assert/strict';
import test from 'node:test';
import { clean } from './lib/axe.mjs';
import { browser, newPage } from './lib/browser.mjs';
import { Console } from './lib/console.mjs';
import { demo } from './lib/demo.mjs';
import { site, until } from './lib/product.mjs';
import { Widget } from './lib/widget.mjs';

const question = 'How do I clean the burrs of my M2?';
const trouble = 'Tracking says KK-20418 was delivered on Friday, but there is no parcel. I asked the neighbours.';
// Where a change of looks takes no time, axe need not wait for it.
const still = { reducedMotion: 'reduce' };

test('axe finds nothing', async (t) => {
	const d = await demo(t);
	const b = await browser(t);
	const visit = async () => {
		const page = await newPage(b, still);
		await page.goto(d.shop);
		const c = new Widget(page);
		await c.open();
		return { page, c, clean: (what) => clean(page, c.frame, what) };
	};
	const staff = await newPage(b, still);
	const agent = new Console(staff, d.base);
	const cleanStaff = (what) => clean(staff, staff.mainFrame(), what);

	await t.test('on the way of a customer, nobody being online', async () => {
		const { page, c, clean } = await visit();
		await clean('welcome');
		await c.ask(question);
		await clean('answer');
		await c.log.getByRole('list', { name: /source/ }).getByRole('button').first().click();
		await c.frame.locator('mark').first().waitFor();
		await clean('source');
		await c.frame.getByRole('button', { name: 'Back' }).click();
		await c.frame.getByRole('button', { name: 'Talk to a person' }).click();
		await c.frame.getByLabel('Your e-mail').fill('maria@example');
		await clean('nobody online');
		await c.frame.getByRole('button', { name: /promised time/ }).click();
		await c.frame.getByRole('alert').waitFor();
		await clean('address with a mistake');
		await c.frame.getByLabel('Your e-mail').fill('maria@example.com');
		await c.frame.getByRole('button', { name: /promised time/ }).click();
		await c.frame.getByText('You have our word').waitFor();
		await clean('promise');
		assert.deepEqual(page.faults, []);
		await page.close();
	});

	await t.test('at the door and in an empty inbox', async () => {
		await staff.goto(`${d.base}/console/`);
		await staff.getByLabel('E-mail').waitFor();
		await cleanStaff('sign-in');
		await agent.signIn(d.ana);
		await staff.goto(`${d.base}/console/inbox/mine`);
		await staff.getByText('You have no conversations').waitFor();
		await cleanStaff('empty inbox');
	});

	await t.test('in the line, in the brief, in a conversation of people', async () => {
		const { page, c, clean } = await visit();
		await c.say(trouble);
		await c.frame.getByText(/in line/).first().waitFor();
		await clean('queue');
		await staff.goto(`${d.base}/console/inbox/queue`);
		await staff.getByRole('list', { name: 'Queue' }).getByRole('link').nth(1).click();
		await agent.brief().waitFor();
		await cleanStaff('brief');
		await agent.take();
		await agent.reply('Hello, this is Ana. I am looking into it.');
		await c.sees('Hello, this is Ana. I am looking into it.');
		await cleanStaff('taken');
		await clean('a person');
		await staff.getByRole('button', { name: /^Close/ }).first().click();
		await c.frame.getByText('How did Ana do?').waitFor();
		await clean('rating');
		assert.deepEqual(page.faults, []);
		await page.close();
	});

	await t.test('among articles and people', async () => {
		await staff.goto(`${d.base}/console/knowledge`);
		await staff.getByRole('link', { name: /Delivery times and costs/ }).first().waitFor();
		await cleanStaff('knowledge');
		await staff.getByRole('link', { name: /Delivery times and costs/ }).first().click();
		await staff.getByRole('textbox', { name: 'Text in Markdown' }).waitFor();
		await cleanStaff('editor');
		await staff.goto(`${d.base}/console/knowledge/import`);
		await staff.getByRole('button', { name: 'Choose files' }).waitFor();
		await cleanStaff('import');
		await staff.goto(`${d.base}/console/team`);
		await staff.getByText('jonas@kesselkorn.example').waitFor();
		await cleanStaff('team');
		assert.deepEqual(staff.faults, []);
	});
});

test('the keyboard is enough', async (t) => {
	const d = await demo(t);
	const b = await browser(t);
	const page = await newPage(b);
	const c = new Widget(page);
	const staff = await newPage(b, { viewport: { width: 1440, height: 900 } });
	/** Presses key until what is focused answers to is; as a person would, who gives up some time. */
	const press = async (p, key, what, is) => {
		for (let i = 0; i < 40; i++) {
			if (await is()) return;
			await p.keyboard.press(key);
		}
		assert.fail(`${key} did not lead to ${what}`);
	};
	const focused = (frame, selector) => () => frame.evaluate((s) => document.hasFocus() && document.activeElement.matches(s), selector);

	await t.test('for a customer', async () => {
		await page.goto(d.shop);
		await page.locator('frontdesk-widget').waitFor({ state: 'attached' });
		const onLauncher = focused(page, 'frontdesk-widget');
		await press(page, 'Tab', 'the launcher', onLauncher);
		assert.deepEqual(await focusedName(page), 'Open chat');
		await page.keyboard.press('Enter');
		await c.opened();
		await until('focus in the heading', focused(c.frame, 'h1'));
		await press(page, 'Tab', 'the text field', focused(c.frame, 'textarea'));
		await page.keyboard.type(question);
		await page.keyboard.press('Enter');
		const chip = c.log.getByRole('list', { name: /source/ }).getByRole('button').first();
		await chip.waitFor();
		const onChip = () => chip.evaluate((el) => el === document.activeElement);
		await press(page, 'Shift+Tab', 'the source', onChip);
		await page.keyboard.press('Enter');
		await c.frame.locator('mark').first().waitFor();
		await until('focus in the title', focused(c.frame, 'h1'));
		await press(page, 'Shift+Tab', 'Back', focused(c.frame, '[aria-label=Back]'));
		await page.keyboard.press('Enter');
		await until('focus on the source again', onChip);
		await press(page, 'Shift+Tab', 'Close', focused(c.frame, '[aria-label=Close]'));
		await page.keyboard.press('Enter');
		await until('the window to close', async () => !(await c.isOpen()));
		await until('focus on the launcher', onLauncher);
		assert.deepEqual(await focusedName(page), 'Open chat');
		await page.keyboard.press('Enter');
		await until('the window to open', () => c.isOpen());
		await until('focus in the text field', focused(c.frame, 'textarea'));
	});

	await t.test('for an agent', async () => {
		await staff.goto(`${d.base}/console/`);
		await staff.getByLabel('E-mail').waitFor();
		await press(staff, 'Tab', 'the address', focused(staff, '[type=email]'));
		await staff.keyboard.type(d.ana.email);
		await staff.keyboard.press('Tab');
		await staff.keyboard.type(d.ana.password);
		await staff.keyboard.press('Enter');
		await staff.getByText('Nobody is waiting').waitFor();

		await page.keyboard.type(trouble);
		await page.keyboard.press('Enter');
		await staff.getByRole('list', { name: 'Queue' }).getByRole('link').first().waitFor();
		const agent = new Console(staff, d.base);
		await staff.keyboard.press('j');
		await agent.brief().waitFor();
		await staff.keyboard.press('Enter');
		await staff.getByText('Yours', { exact: true }).waitFor();
		await until('focus in the reply', focused(staff, 'textarea'));
		await staff.keyboard.press('Escape');
		await staff.keyboard.press('r');
		await until('focus in the reply again', focused(staff, 'textarea'));
		await staff.keyboard.type('Hello, this is Ana. The letters j, e and r do nothing in here.');
		await staff.keyboard.press('Control+Enter');
		await c.sees('Hello, this is Ana. The letters j, e and r do nothing in here.');
		await staff.keyboard.press('Escape');
		await staff.keyboard.press('e');
		await c.frame.getByText('How did Ana do?').waitFor();
	});

	await t.test('without a fault on either page', () => {
		assert.deepEqual(page.faults, []);
		assert.deepEqual(staff.faults, []);
	});
});

/** How the focused thing is called, as a screen reader is told: no selector reaches into the launcher's shadow root. */
async function focusedName(page) {
	const session = await page.context().newCDPSession(page);
	const { nodes } = await session.send('Accessibility.getFullAXTree');
	await session.detach();
	return nodes.findLast((n) => n.properties?.some((p) => p.name === 'focused' && p.value.value))?.name.value;
}

test('the widget works', async (t) => {
	const d = await demo(t);
	const b = await browser(t);
	const hosts = [];
	const host = async (html, headers) => {
		hosts.push(await site(t, html, headers));
		await d.allow(...hosts);
		return hosts.at(-1);
	};
	/** Opens, asks and reads a source, with a mouse. */
	const works = async (page) => {
		const c = new Widget(page);
		await c.open();
		assert.match((await c.ask(question)).join(), /Clean the burrs/);
		await c.log.getByRole('list', { name: /source/ }).getByRole('button').first().click();
		await c.frame.locator('mark').first().waitFor();
		await c.frame.getByRole('button', { name: 'Back' }).click();
		return c;
	};

	await t.test('nowhere that its inbox does not name', async () => {
		const page = await newPage(b);
		await page.goto(await site(t, () => `<!doctype html><title>Stranger</title>${d.tag}`));
		await page.locator('frontdesk-widget').waitFor({ state: 'attached' });
		await page.evaluate(() => window.Frontdesk('open'));
		await until('the browser to refuse the frame', () => page.faults.some((f) => /frame-ancestors/.test(f)));
	});

	await t.test('beside styles that unset everything, and boxes that cover everything', async () => {
		const url = await host(() => `<!doctype html><title>Hostile</title><style>
			* { all: unset !important; }
			html > *, frontdesk-widget { display: none !important; visibility: hidden !important; opacity: 0 !important; position: static !important; z-index: -1 !important; transform: scale(0) !important; pointer-events: none !important; }
			body { display: block !important; visibility: visible !important; opacity: 1 !important; }
			iframe, button { width: 1px !important; height: 1px !important; }
			#cover { display: block !important; position: fixed !important; inset: 0 !important; z-index: 2147482999 !important; background: #eee !important; }
		</style>${d.tag}<h1>Hostile</h1><div id="cover"></div>`);
		const page = await newPage(b);
		await page.goto(url);
		const c = await works(page);
		const box = await (await c.frame.frameElement()).boundingBox();
		assert.deepEqual([box.width, box.height], [380, 660]);
		assert.deepEqual(page.faults, []);
	});

	await t.test('beside resets, zoom, filters, transforms, snapping and units of the page', async () => {
		const url = await host(() => `<!doctype html><title>Reset</title><style>
			body, body * { all: revert !important; }
			html { font-size: 62.5%; zoom: 1.25; scroll-snap-type: y mandatory; direction: rtl; writing-mode: vertical-lr; display: grid; }
			body { filter: invert(1) !important; transform: translateZ(0) !important; zoom: 1.5 !important; }
			html > * { scroll-snap-align: start; grid-area: 1 / 1; transition: all 3s !important; line-height: 3; letter-spacing: 1em; text-transform: uppercase; pointer-events: none; }
			iframe { display: none !important; }
			button { all: unset !important; width: 3px !important; height: 3px !important; font-size: 60px !important; }
		</style>${d.tag}<h1>Reset</h1><p style="height: 3000px">Long</p>`);
		const page = await newPage(b);
		await page.goto(url);
		const c = new Widget(page);
		await c.open();
		assert.match((await c.ask(question)).join(), /Clean the burrs/);
		const box = await (await c.frame.frameElement()).boundingBox();
		const { width, height } = page.viewportSize();
		assert.ok(box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height, JSON.stringify(box));
		assert.deepEqual(page.faults, []);
	});

	await t.test('beside forged messages, and gives nothing away to them', async () => {
		const other = await site(t, () => `<!doctype html><title>Other</title><script>
			window.got = [];
			const forge = () => {
				for (const data of [{ frontdesk: 'ready' }, { frontdesk: 'port' }, { t: 'close' }, { t: 'state', unread: 7, known: true }]) parent.postMessage(data, '*');
			};
			onmessage = (e) => got.push(e.data);
			setInterval(forge, 20);
		</script>`);
		const url = await host(() => `<!doctype html><title>Forger</title><h1>Forger</h1><script>
			window.postMessage = () => { throw new Error('overwritten'); };
			window.got = [];
			window.unread = [];
			addEventListener('frontdesk:unread', (e) => unread.push(e.detail));
			addEventListener('message', (e) => {
				if (e.data?.frontdesk !== 'ready' || e.origin !== '${d.base}') return;
				// The frame is known now: speak to it as the loader would, after the loader did.
				window.frameOfTheWidget = e.source;
				setInterval(() => {
					const channel = new MessageChannel();
					channel.port1.onmessage = (m) => got.push(m.data);
					e.source.postMessage({ frontdesk: 'port' }, '*', [channel.port2]);
					channel.port1.postMessage({ t: 'message', text: 'Forged by the page', page: { url: '', title: '' } });
					for (const data of [{ t: 'message', text: 'Forged by the page', page: {} }, { t: 'close' }, { frontdesk: 'ready' }]) e.source.postMessage(data, '*');
				}, 20);
			});
		</script>${d.tag}<iframe id="other" src="${other}/"></iframe>`);
		const page = await newPage(b);
		await page.goto(url);
		const c = await works(page);
		assert.ok(await c.isOpen());
		assert.equal(await c.log.getByText('Forged').count(), 0);
		assert.ok(await page.evaluate(() => window.frameOfTheWidget != null), 'the page could try');
		assert.deepEqual(await page.evaluate(() => window.got), [], 'the page hears nothing');
		assert.deepEqual(await page.evaluate(() => window.unread), [], 'no forged count is believed');
		assert.deepEqual(await page.frame({ url: `${other}/` }).evaluate(() => window.got), [], 'the other frame hears nothing');
		assert.deepEqual(page.faults, []);
	});

	await t.test('where the browser lets nobody store a thing', async () => {
		const page = await newPage(b);
		await page.addInitScript(() => {
			for (const name of ['localStorage', 'sessionStorage']) {
				Object.defineProperty(window, name, { get() { throw new DOMException('Access is denied', 'SecurityError'); } });
			}
		});
		await page.goto(d.shop);
		const c = await works(page);
		await c.say(trouble);
		await c.sees(trouble);

		// The next page knows the visitor, until that is unsaid.
		await page.goto(d.shop);
		await c.open();
		const before = () => c.frame.getByRole('region', { name: 'Your last chat' });
		await before().getByRole('button').click();
		await c.sees(trouble);
		await page.evaluate(() => Frontdesk('logout'));
		await page.goto(d.shop);
		await c.open();
		await c.frame.getByRole('button', { name: 'Talk to a person' }).waitFor();
		assert.equal(await before().count(), 0);
		assert.deepEqual(page.faults, []);
	});

	await t.test('where the storage is full', async () => {
		const page = await newPage(b);
		await page.addInitScript(() => {
			const full = () => {
				throw new DOMException('It is full', 'QuotaExceededError');
			};
			Storage.prototype.setItem = full;
			for (const name of ['add', 'put']) IDBObjectStore.prototype[name] = full;
		});
		await page.goto(d.shop);
		const c = await works(page);
		await c.say(trouble);
		await c.sees(trouble);
		assert.deepEqual(page.faults, []);
	});

	for (const [clock, years] of [['behind', -30], ['ahead', 30]]) {
		await t.test(`where the clock is ${years} years wrong`, async () => {
			const page = await newPage(b);
			await page.addInitScript((years) => {
				const Right = Date;
				const off = years * 365.25 * 86_400_000;
				window.Date = class extends Right {
					constructor(...at) {
						if (at.length) super(...at);
						else super(Right.now() + off);
					}
					static now = () => Right.now() + off;
				};
			}, years);
			await page.goto(d.shop);
			const c = await works(page);
			assert.ok(await c.frame.evaluate((ahead) => (new Date().getFullYear() > 2040) === ahead, clock === 'ahead'), 'the clock is wrong');
			await c.say('Thank you');
			await c.sees('Thank you');
			assert.deepEqual(page.faults, []);
		});
	}

	await t.test('where the clock is set back two years in the middle of a chat', async () => {
		const page = await newPage(b);
		await page.addInitScript(() => {
			const Right = Date;
			let off = 0;
			window.setBack = () => { off = -2 * 365 * 86_400_000; };
			window.Date = class extends Right {
				constructor(...at) {
					if (at.length) super(...at);
					else super(Right.now() + off);
				}
				static now = () => Right.now() + off;
			};
		});
		await page.goto(d.shop);
		const c = await works(page);
		await c.say('Before the clock was set');
		await c.sees('Before the clock was set');
		await c.frame.evaluate(() => window.setBack());
		for (const words of ['After it, one', 'After it, two']) await c.say(words);
		await c.sees('After it, two');
		const said = (await c.list()).filter((line) => line.startsWith('customer')).slice(-3);
		assert.deepEqual(said, ['customer: Before the clock was set', 'customer: After it one', 'customer: After it two']);
		await page.reload();
		await c.open();
		assert.deepEqual((await until('the log', async () => (await c.list()).length && c.list())).filter((line) => line.startsWith('customer')).slice(-3), said);
		assert.deepEqual(page.faults, []);
	});

	await t.test('beside a page that takes the chat away, again and again', async () => {
		const url = await host(() => `<!doctype html><title>Tidy</title><h1>Tidy</h1>${d.tag}${d.tag}`);
		const page = await newPage(b);
		await page.goto(url);
		const c = await works(page);
		for (let i = 0; i < 2; i++) {
			await page.evaluate(() => document.querySelector('frontdesk-widget').remove());
			await page.locator('frontdesk-widget').waitFor({ state: 'attached' });
			await until('the conversation', async () => {
				c.frame = page.frame({ url: /widget\/v1\/frame/ });
				return c.frame && (await c.frame.getByRole('log').getByText(question).count()) === 1;
			});
		}
		await c.opened();
		await c.say('Still here');
		await c.sees('Still here');
		assert.equal(await page.locator('frontdesk-widget').count(), 1);
		assert.deepEqual(page.faults, []);
	});

	await t.test('beside a server that says what it should not', async () => {
		const page = await newPage(b);
		const markup = '<img src=x onerror="window.got = 1"><script>window.got = 1</script>';
		const text = (words) => ({ t: 'text', text: words });
		/** What the next answers are turned into. */
		const turned = [
			(e) => ({ ...e, text: markup, blocks: [{ t: 'hologram', kids: [text('Of a later version')] }, { t: 'p', kids: [text(markup), { t: 'text', text: { tag: 'script', props: { text: 'window.got = 1' }, kids: [] } }] }, { t: 'link', href: 'javascript:window.got=1', kids: [text('here')] }] }),
			(e) => ({ ...e, at: 'soon', from: null, text: 'Words all the same', blocks: 7, answer: { citations: 'x', choices: 7 } }),
		];
		await page.routeWebSocket(/\/v1\/socket/, (ws) => {
			const server = ws.connectToServer();
			server.onMessage((data) => {
				for (const broken of ['{', 'null', '{"t":"entry"}', '{"t":"error","d":{"retry_after_ms":1e300}}', '{"t":"hologram","d":{}}']) ws.send(broken);
				const frame = JSON.parse(data);
				if (frame.t === 'entry' && frame.d.from.kind === 'bot' && frame.d.kind === 'message' && turned.length) frame.d = turned.shift()(frame.d);
				ws.send(JSON.stringify(frame));
			});
		});
		await page.goto(d.shop);
		const c = new Widget(page);
		await c.open();
		for (const [asked, seen] of [
			['What does delivery to Austria cost?', markup],
			['Which grind do I need for a moka pot?', 'Words all the same'],
		]) {
			await c.say(asked);
			await c.sees(seen);
		}
		assert.match((await c.ask(question)).join(), /Clean the burrs/, 'what comes after it is an answer as ever');
		assert.equal(await c.frame.evaluate(() => window.got), undefined);
		assert.equal(await c.log.locator('img, script, [href^=javascript]').count(), 0);
		assert.deepEqual(page.faults, []);
	});

	await t.test('a wide table and long steps on a narrow telephone', async () => {
		const page = await newPage(b, { viewport: { width: 320, height: 640 } });
		const text = (words) => ({ t: 'text', text: words });
		const row = (kind, cells) => ({ t: 'tr', kids: cells.map((words) => ({ t: kind, kids: [text(words)] })) });
		const heads = ['Service', 'Country', 'Heaviest parcel', 'Working days', 'Cost', 'Free from', 'Insured up to'];
		const cells = ['Standardpaketzustellung', 'Liechtenstein', '31.5 kg', '2 to 3', '14.90 €', '120 €', '2,500 €'];
		const narrow = ['To', 'Days', 'Cost', 'Free'];
		const step = 'Turn the upper burr counter-clockwise until the Donaudampfschifffahrtsgesellschaftskapitänsmütze-clip clicks, then lift it out of https://shop.example/a/very/long/address/without/any/place/to/break/it.html carefully';
		const blocks = [
			{ t: 'table', kids: [row('th', heads), row('td', cells), row('td', cells)] },
			{ t: 'table', kids: [row('th', narrow), row('td', ['Liechtenstein', '2–3', '14.90 €', '120 €'])] },
			{ t: 'ol', n: 98, kids: [1, 2, 3].map(() => ({ t: 'li', kids: [text(step), { t: 'ul', kids: [{ t: 'li', kids: [text(step)] }] }] })) },
			{ t: 'pre', kids: [text('frontdesk serve --listen 127.0.0.1:8080 --public-url https://help.example.com --data /var/lib/frontdesk')] },
		];
		let turned = false;
		await page.routeWebSocket(/\/v1\/socket/, (ws) => {
			const server = ws.connectToServer();
			server.onMessage((data) => {
				const frame = JSON.parse(data);
				if (frame.t === 'entry' && frame.d.from.kind === 'bot' && frame.d.kind === 'message' && !turned) {
					turned = true;
					frame.d.blocks = blocks;
				}
				ws.send(JSON.stringify(frame));
			});
		});
		await page.goto(d.shop);
		const c = new Widget(page);
		await c.open();
		await c.say('What does delivery to Austria cost?');
		await c.sees('Insured up to');
		const cut = await c.frame.evaluate(() => {
			const wide = innerWidth;
			const out = [];
			if (document.documentElement.scrollWidth > wide) out.push(`the window is ${document.documentElement.scrollWidth} wide`);
			const log = document.querySelector('.scroll');
			if (log.scrollWidth > log.clientWidth) out.push(`the log is ${log.scrollWidth} wide in ${log.clientWidth}`);
			const texts = document.createTreeWalker(document.querySelector('[role=log]'), NodeFilter.SHOW_TEXT);
			while (texts.nextNode()) {
				const { parentElement: el } = texts.currentNode;
				if (!texts.currentNode.data.trim() || el.closest('.vh, pre')) continue;
				const range = document.createRange();
				range.selectNode(texts.currentNode);
				for (const box of range.getClientRects()) if (box.left < 0 || box.right > wide + 0.5) out.push(`"${texts.currentNode.data.slice(0, 40)}" from ${box.left} to ${box.right}`);
				// Nothing around it hides what is too wide, but for code, which is scrolled by itself.
				for (let up = el; up && !up.matches('[role=log]'); up = up.parentElement)
					if (up.scrollWidth > up.clientWidth + 1 && getComputedStyle(up).overflowX === 'hidden') out.push(`"${texts.currentNode.data.slice(0, 40)}" is cut`);
			}
			return out;
		});
		assert.deepEqual(cut, []);
		for (const words of [...heads, ...cells]) assert.ok((await c.log.getByText(words, { exact: true }).count()) >= 1, words);
		assert.deepEqual(page.faults, []);
		await page.context().close();
	});
});
