// Takes the pictures of the README: node pictures.mjs, with FRONTDESK_BIN and FRONTDESK_CHROMIUM as for the tests, and
// pngquant. Pages have the font of the system that takes them; the committed ones were taken where that is Inter.
import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { browser, newPage } from './lib/browser.mjs';
import { Console } from './lib/console.mjs';
import { demo } from './lib/demo.mjs';
import { repository, until } from './lib/product.mjs';
import { Widget } from './lib/widget.mjs';

// What each customer says until the bot brings in a person; the first conversation is the one that is opened.
const queue = [
	['When do I get my money back?', 'I returned order KK-19977 on 2 November and there is no refund on my account. I checked my bank twice.'],
	['What does delivery to Austria cost?', 'Can you send order KK-20431 to my office in Graz instead?'],
	['I would like to talk to a person about an invoice for 12 grinders.'],
	['There is smoke coming out of the base of my kettle.'],
];
// In bytes: a README is loaded often.
const largest = 200_000;

const still = { colorScheme: 'light', reducedMotion: 'reduce' };
const folder = `${repository}docs/img`;
const cleanups = [];
const t = { after: (fn) => cleanups.push(fn) };

mkdirSync(folder, { recursive: true });
try {
	const d = await demo(t);
	const b = await browser(t);
	const visit = async () => {
		const page = await newPage(b, still);
		await page.goto(d.shop);
		const customer = new Widget(page);
		await customer.open();
		return customer;
	};

	const reader = await visit();
	await reader.ask('How do I clean the burrs of my M2?');
	await take(reader.page, 'widget');

	const agent = new Console(await newPage(b, { ...still, viewport: { width: 1440, height: 900 } }), d.base);
	await agent.signIn(d.ana);
	for (const words of queue) {
		const customer = await visit();
		for (const question of words.slice(0, -1)) await customer.ask(question);
		await customer.say(words.at(-1));
		await until('a place in the line', () => customer.frame.getByText(/in line/).count());
	}
	const rows = agent.page.getByRole('list', { name: 'Queue' }).getByRole('link');
	await until('the whole queue', async () => (await rows.count()) === queue.length);
	await rows.filter({ hasText: 'Only a person' }).first().click();
	await agent.brief().waitFor();
	await take(agent.page, 'console');
} finally {
	for (const fn of cleanups.reverse()) await fn();
}

async function take(page, name) {
	await page.mouse.move(1, 1); // over nothing that would light up
	await page.waitForTimeout(500); // what comes late has come
	const path = `${folder}/${name}.png`;
	await page.screenshot({ path });
	execFileSync('pngquant', ['--force', '--speed', '1', '--quality', '80-100', '--output', path, path]);
	const { size } = statSync(path);
	console.log(`${path}: ${size} bytes`);
	if (size > largest) throw new Error(`${name}.png is larger than ${largest} bytes`);
}
