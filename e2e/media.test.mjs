// What the customer sends beside words, what the widget says by itself, and the faces of those who answer.
import assert from 'node:assert/strict';
import test from 'node:test';
import { clean } from './lib/axe.mjs';
import { browser, newPage } from './lib/browser.mjs';
import { Console } from './lib/console.mjs';
import { demo } from './lib/demo.mjs';
import { until } from './lib/product.mjs';
import { Widget } from './lib/widget.mjs';

const still = { reducedMotion: 'reduce' };
/** A PNG of one pixel. */
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

/** Gives files to the window as a hand does: pasted or dropped. */
const give = (frame, how, files) =>
	frame.evaluate(([how, files]) => {
		const data = new DataTransfer();
		for (const { name, type, size, base64 } of files) {
			const bytes = base64 ? Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)) : new Uint8Array(size);
			data.items.add(new File([bytes], name, { type }));
		}
		const field = document.querySelector('textarea');
		if (how === 'paste') return field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
		for (const name of ['dragover', 'drop']) field.dispatchEvent(new DragEvent(name, { dataTransfer: data, bubbles: true, cancelable: true }));
	}, [how, files]);

const picture = (name) => ({ name, type: 'image/png', base64: png.toString('base64') });

/** The page's tag asks for the frame before anybody opens it. */
const early = () => {
	new MutationObserver(() => document.querySelector('script[data-inbox]')?.setAttribute('data-proactive', '')).observe(document, { childList: true, subtree: true });
};

test('files, faces and what the widget says by itself', async (t) => {
	const d = await demo(t);
	const b = await browser(t);
	const anas = await newPage(b, still);
	const ana = new Console(anas, d.base);
	await ana.signIn(d.ana);
	const api = (method, path, body) =>
		anas.evaluate(async ([method, path, body]) => {
			const answer = await fetch(`/api/v1${path}`, { method, headers: { 'Content-Type': 'application/json' }, body: body && JSON.stringify(body) });
			return answer.json();
		}, [method, path, body]);
	const shop = await newPage(b, still);
	await shop.goto(d.shop);
	const customer = new Widget(shop);
	await customer.open();
	const { frame } = customer;
	const tray = frame.locator('.tray');
	const send = frame.getByRole('button', { name: 'Send', exact: true });

	await t.test('a picture is pasted, another dropped, and sent with words', async () => {
		await frame.getByText('Attach a file').waitFor({ state: 'attached' });
		await give(frame, 'paste', [picture('pasted.png')]);
		await tray.getByText('pasted.png').waitFor();
		await give(frame, 'drop', [picture('dropped.png')]);
		await tray.getByText('dropped.png').waitFor();
		await clean(shop, frame, 'attached files');
		await customer.say('The handle is broken, see the pictures');
		await until('both pictures in the log', async () => (await customer.log.locator('.me img[alt]:not([alt=""])').count()) === 2);
		await until('nothing beside the words', async () => (await tray.getByRole('listitem').count()) === 0);
	});

	await t.test('one that is too large says the limit before it is sent', async () => {
		await give(frame, 'drop', [{ name: 'film.mp4', type: 'video/mp4', size: 20_000_001 }]);
		await tray.getByText('Too large. A file can have 20 MB').waitFor();
		assert.equal(await send.isDisabled(), true);
		await tray.getByRole('button', { name: 'Remove film.mp4' }).click();
		await until('nothing beside the words', async () => (await tray.getByRole('listitem').count()) === 0);
	});

	await t.test('a kind that is not taken says so, and goes without it', async () => {
		await give(frame, 'drop', [{ name: 'run.exe', type: 'application/x-msdownload', base64: Buffer.from('MZ\x90\x00\x03'.repeat(60), 'latin1').toString('base64') }]);
		await customer.say('And this?');
		await tray.getByText(/run\.exe: Files of this type.*not taken here/).waitFor();
		await tray.getByRole("button", { name: "Remove run.exe" }).click();
		await customer.sees('And this?');
		assert.equal(await frame.getByRole('button', { name: 'Try again' }).count(), 0);
	});

	await t.test('an upload that is cut goes on after a reload', async () => {
		await shop.route('**/v1/files?*', (route) => route.abort());
		await give(frame, 'paste', [picture('kept.png')]);
		await tray.getByText('kept.png').waitFor();
		await send.click();
		await customer.frame.locator('.tray').getByText('Sending').waitFor();
		await customer.say('It is the one on the left.'); // and waits behind it
		await tray.getByText('on the left').waitFor();
		await shop.reload();
		await customer.open();
		await customer.frame.locator('.tray').getByText('kept.png').waitFor();
		await shop.unroute('**/v1/files?*');
		await until('the picture in the log', async () => (await customer.log.locator('.me img[alt="kept.png"]').count()) === 1, 15_000);
		await customer.sees('on the left');
		const mine = await customer.log.locator('.me').evaluateAll((all) => all.slice(-2).map((me) => me.querySelector('img')?.alt ?? me.textContent));
		assert.deepEqual(mine.map((words) => words.match(/kept.png|on the left/)?.[0]), ['kept.png', 'on the left']);
	});

	await t.test('the agent sees them, and is seen', async () => {
		await customer.askForPerson();
		await ana.openFirst();
		await until('the pictures at the desk', async () => (await anas.locator('.log-files img').count()) === 3);
		const { photo } = await api('PUT', '/account/photo', { picture: png.toString('base64') });
		await api('POST', `/conversations/${ana.id()}/reply`, { client_id: crypto.randomUUID(), text: 'I send you a new handle.' });
		await customer.sees('I send you a new handle.');
		await until('her face', async () => (await customer.frame.locator(`.log img[src$="${photo}"]`).count()) === 1);
		await until('all of it', () => customer.frame.locator('.log img.face').first().evaluate((img) => img.naturalWidth === 256));
	});

	await t.test('a proactive message comes once, opens the chat with its words, and is part of what is answered', async () => {
		const { inboxes: [inbox] } = await api('GET', '/me');
		const rule = { id: 'one', text: 'Need a hand choosing between the M2 and the M2 Pro?', after: 1, pages: ['/'] };
		const settings = { ...inbox.settings, proactive: [rule] };
		const saved = await api('PUT', `/inboxes/${inbox.id}`, { name: inbox.name, settings, revision: inbox.revision });
		assert.equal(saved.settings?.proactive?.length, 1, JSON.stringify(saved));
		const page = await newPage(b, still);
		await page.addInitScript(early);
		const bubble = async () => {
			const frame = page.frame({ url: /widget\/v1\/frame/ });
			return !!frame && (await frame.getByText(rule.text).isVisible());
		};
		await page.goto(d.shop);
		await until('the bubble', bubble);
		const visitor = new Widget(page);
		visitor.frame = page.frame({ url: /widget\/v1\/frame/ });
		await clean(page, visitor.frame, 'a proactive message');
		await page.reload();
		await page.waitForTimeout(2500); // longer than it took the first time
		assert.equal(await bubble(), false, 'twice in one visit');

		const other = await newPage(b, still);
		await other.addInitScript(early);
		await other.goto(d.shop);
		const shown = await until('the frame', () => other.frame({ url: /widget\/v1\/frame/ }));
		await shown.getByText(rule.text).click();
		const customer = new Widget(other);
		await customer.opened();
		await customer.frame.getByRole('heading', { name: rule.text }).waitFor();
		await customer.say('Yes please');
		await customer.sees(rule.text);
		await customer.log.getByText('M2 or M2 Pro').first().waitFor();
		await customer.sees('Automatic message');
		const counted = await until('the counts', async () => {
			const { data } = await api('GET', `/inboxes/${inbox.id}/proactive`);
			return data[0]?.answered === 1 && data[0].opened && data[0].shown > 1 && data[0]; // each is told by itself
		});
		assert.deepEqual(counted, { rule: 'one', shown: 2, opened: 1, answered: 1 });
		await customer.askForPerson();
		await anas.goto(`${d.base}/console/inbox/queue`);
		await ana.openFirst();
		await ana.brief().getByText(`The customer answered an automatic message: “${rule.text}”`).waitFor();
	});
});
