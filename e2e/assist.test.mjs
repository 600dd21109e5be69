// An agent is helped with writing, in a demo without a language model: what comes is made by rules, can be taken back,
// and reaches nobody before it is sent.
import assert from 'node:assert/strict';
import test from 'node:test';
import { clean } from './lib/axe.mjs';
import { browser, newPage } from './lib/browser.mjs';
import { Console } from './lib/console.mjs';
import { demo } from './lib/demo.mjs';
import { until } from './lib/product.mjs';
import { Widget } from './lib/widget.mjs';

const still = { reducedMotion: 'reduce' };

test('help with writing', async (t) => {
	const d = await demo(t);
	const b = await browser(t);
	const staff = await newPage(b, still);
	const agent = new Console(staff, d.base);
	await agent.signIn(d.ana);
	const page = await newPage(b, still);
	await page.goto(d.shop);
	const c = new Widget(page);
	await c.open();
	await c.ask('What does delivery to Austria cost?');
	await c.frame.getByRole('button', { name: 'Talk to a person' }).click();
	await agent.openFirst();
	const box = staff.getByRole('textbox', { name: /reply|note/i });
	const help = async (name) => {
		await staff.getByRole('button', { name: 'Help me write' }).click();
		await staff.getByRole('menuitem', { name }).click();
	};

	await t.test('a reply out of the articles, with its source', async () => {
		await help('Suggest a reply');
		await staff.getByText('Made without a language model.').waitFor();
		await until('the suggestion', async () => /Austria.*6\.90/s.test(await box.inputValue()));
	});

	await t.test('another manner, and back', async () => {
		await box.fill("Hi! I can't say, thanks.");
		await help('Make it more formal');
		await until('other words', async () => (await box.inputValue()) === 'Hello. I cannot say, thank you.');
		await staff.getByRole('button', { name: 'Undo' }).click();
		await until('the words of before', async () => (await box.inputValue()) === "Hi! I can't say, thanks.");
		await clean(staff, staff.mainFrame(), 'after help');
	});

	await t.test('a summary becomes a note, not a reply', async () => {
		await box.fill('');
		await help('Sum up as a note');
		await staff.getByRole('textbox', { name: 'Your private note' }).waitFor();
		await until('the summary', async () => /The customer wrote: What does delivery to Austria cost\?/.test(await box.inputValue()));
	});

	await t.test('by the keyboard alone', async () => {
		await staff.getByRole('button', { name: 'Help me write' }).focus();
		await staff.keyboard.press('Enter');
		await staff.getByRole('menu').waitFor();
		await clean(staff, staff.mainFrame(), 'the menu');
		await staff.keyboard.press('Escape');
		await staff.getByRole('menu').waitFor({ state: 'detached' });
	});
	await t.test('a customer of another language', async () => {
		const theirs = await newPage(b, { ...still, locale: 'de-DE' });
		await theirs.goto(d.shop);
		await theirs.evaluate(() => {
			document.documentElement.lang = 'de'; // a shop that speaks German
		});
		const hans = new Widget(theirs);
		await hans.open();
		await hans.say('Ich möchte mit einem Menschen sprechen, bitte.');
		await staff.goto(`${d.base}/console/inbox/queue`);
		await staff.getByRole('list', { name: 'Queue' }).getByRole('link').filter({ hasText: 'Menschen' }).click();
		await agent.log().getByRole('button', { name: 'Translate' }).first().click();
		await staff.getByText('Translating needs a language model.').waitFor();
		await clean(staff, staff.mainFrame(), 'a translation that is not to be had');
		await theirs.close();
	});
	assert.deepEqual(staff.faults, []);
	assert.equal((await agent.entries()).filter((e) => e.from.kind === 'agent' && e.kind === 'message').length, 0, 'nothing was sent');
});
