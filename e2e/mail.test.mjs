// Nobody is there: the customer leaves an address and goes. The answer comes by e-mail, and its link resumes the chat in
// a browser that never saw it. Files go both ways. FRONTDESK_PICTURES names a folder for pictures of each step.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import test from 'node:test';
import { clean } from './lib/axe.mjs';
import { browser, newPage } from './lib/browser.mjs';
import { Console } from './lib/console.mjs';
import { demo } from './lib/demo.mjs';
import { letters } from './lib/letters.mjs';
import { patience, until } from './lib/product.mjs';
import { Widget } from './lib/widget.mjs';

const pictures = process.env.FRONTDESK_PICTURES;

// A PNG of 40 by 30 pixels, blue.
const png = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAACgAAAAeCAIAAADRv8uKAAAAK0lEQVR42u3NMQ0AAAgDsJnBEKqRhQw4mvRvqudExGKxWCwWi8VisVj8N14HddecnYdszgAAAABJRU5ErkJggg==',
	'base64',
);

async function picture(page, name) {
	if (!pictures) return;
	mkdirSync(pictures, { recursive: true });
	await page.waitForTimeout(300);
	for (const [width, height] of [[1440, 900], [360, 740]])
		for (const colorScheme of ['light', 'dark']) {
			await page.setViewportSize({ width, height });
			await page.emulateMedia({ colorScheme });
			await page.screenshot({ path: `${pictures}/${name}-${width}-${colorScheme}.png` });
		}
	await page.emulateMedia({ colorScheme: 'light' });
	await page.setViewportSize({ width: 1280, height: 860 });
}

/** Seconds of quiet after which answers go by e-mail. On a busy machine two answers, or an answer and its reading, are more than one apart. */
const quiet = 5;

test('answers by e-mail, and files', async (t) => {
	const post = await letters(t);
	const d = await demo(t, { FRONTDESK_SMTP_URL: post.url, FRONTDESK_MAIL_AFTER: `${quiet}s` });
	const b = await browser(t);
	const agent = new Console(await newPage(b, { reducedMotion: 'reduce' }), d.base);
	let resumed;

	await t.test('the customer leaves an address, and the page', async () => {
		const page = await newPage(b, { reducedMotion: 'reduce' });
		await page.goto(d.shop);
		const c = new Widget(page);
		await c.open();
		await c.say('Can I talk to a person about my kettle?');
		await c.frame.getByLabel('Your e-mail').fill('maria@example.com');
		await c.frame.getByRole('button', { name: 'Send and get a promised time' }).click();
		await c.sees('You left maria@example.com');
		assert.deepEqual(page.faults, []);
		await page.context().close();
	});

	await t.test('the agent answers in two messages, with a picture', async () => {
		await agent.signIn(d.ana);
		await agent.page.goto(`${d.base}/console/inbox/queue`);
		await agent.openFirst();
		await agent.take();
		const { page } = agent;
		const choose = page.waitForEvent('filechooser');
		await page.getByRole('button', { name: 'Attach' }).click();
		const chooser = await choose;
		await chooser.setFiles([
			{ name: 'kettle.png', mimeType: 'image/png', buffer: png },
			{ name: 'run.sh', mimeType: 'image/png', buffer: Buffer.from('\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0') },
			{ name: 'film.mp4', mimeType: 'video/mp4', buffer: Buffer.alloc(20_000_001) },
		]);
		const attached = page.getByRole('list', { name: 'Files beside your message' });
		await attached.getByText('Too large. A file can have 20 MB').waitFor();
		await attached.getByText(/Files of this type are not taken here/).waitFor();
		await attached.getByRole('button', { name: 'Remove kettle.png' }).waitFor();
		await picture(page, 'console-attached');
		await clean(page, page.mainFrame(), 'files beside a draft');
		await page.getByRole('textbox', { name: /reply/i }).fill('Hello Maria, here is how to descale it.');
		assert.equal(await page.getByRole('button', { name: /^Send/ }).isDisabled(), true, 'a message would lack a file');
		for (const name of ['run.sh', 'film.mp4']) await attached.getByRole('button', { name: `Remove ${name}` }).click();
		await until('all files to be there', () => page.getByRole('button', { name: /^Send/ }).isEnabled());
		await agent.reply('Hello Maria, here is how to descale it.');
		await agent.log().getByRole('img', { name: 'kettle.png' }).waitFor();
		await agent.reply('Tell me if it helps.');
		await agent.sees('Tell me if it helps.');
		assert.deepEqual(page.faults, []);
	});

	await t.test('one e-mail brings both', async () => {
		const letter = await until('the letter', () => post.letters.find((l) => l.to === 'maria@example.com'));
		for (const part of [/^Subject: Re: Can I talk to a person about my kettle\?/m, /^Auto-Submitted: auto-generated/m, /^In-Reply-To: <[^>]+@kesselkorn\.example>/m, /^References: </m, /> Can I talk to a person about my kettle\?/, /> Hello Maria, here is how to descale it\./, /> Tell me if it helps\./, /In the chat: kettle\.png/]) assert.match(letter.text, part);
		[resumed] = letter.text.match(/http:\/\/127[^\s"<]+\/chat\?inbox=[^\s"<]+#[\w-]{43}/);
		await agent.sees('By e-mail to maria@example.com');
		assert.equal(post.letters.filter((l) => l.to === 'maria@example.com').length, 1);
	});

	await t.test('its link resumes the chat in another browser', async () => {
		// A mail scanner fetches the page first.
		assert.equal((await fetch(resumed)).status, 200);
		const page = await newPage(b, { reducedMotion: 'reduce' });
		await page.goto(resumed);
		const c = new Widget(page);
		c.frame = page.mainFrame();
		c.log = page.getByRole('log');
		for (const words of ['Can I talk to a person about my kettle?', 'You left maria@example.com', 'Hello Maria, here is how to descale it.', 'Tell me if it helps.', 'Sent to maria@example.com by e-mail'])
			await c.sees(words);
		const image = c.log.getByRole('img', { name: 'kettle.png' });
		await image.waitFor({ timeout: patience });
		assert.equal(await image.evaluate((el) => el.decode().then(() => el.naturalWidth)), 40);
		await picture(page, 'resumed');
		await clean(page, page.mainFrame(), 'the resumed chat');
		await c.say('It works again, thank you!');
		await agent.sees('It works again, thank you!');
		await agent.reply('Glad to hear it.');
		await c.sees('Glad to hear it.');
		// It stays after a reload, and nothing of it is left for the next who uses this browser.
		await page.reload();
		await c.sees('Glad to hear it.');
		assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
		await picture(agent.page, 'console-log');
		await clean(agent.page, agent.page.mainFrame(), 'files in the log');
		assert.deepEqual(page.faults, []);
		assert.deepEqual(agent.page.faults, []);
		await page.context().close();
	});

	await t.test('what was read in the chat does not come by e-mail', async () => {
		// Longer than answers wait, and a look of the queue.
		await new Promise((r) => setTimeout(r, quiet * 1000 + 1500));
		assert.equal(post.letters.length, 1);
	});
});
