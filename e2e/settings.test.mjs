// What an admin sets of the bot's voice, and what customers then see: its name,
// its last line, what it stays out of; prompts tried, live, and taken back.
import assert from 'node:assert/strict';
import test from 'node:test';
import { clean } from './lib/axe.mjs';
import { browser, newPage } from './lib/browser.mjs';
import { Console } from './lib/console.mjs';
import { demo } from './lib/demo.mjs';
import { model } from './lib/model.mjs';
import { until } from './lib/product.mjs';
import { Widget } from './lib/widget.mjs';

const question = 'How do I clean the burrs of my M2?';
const still = { reducedMotion: 'reduce' };

test('the voice without a model', async (t) => {
	const d = await demo(t);
	const b = await browser(t);
	const page = await newPage(b, still);
	const cleanPage = (what) => clean(page, page.mainFrame(), what);
	await new Console(page, d.base).signIn(d.ana);

	await t.test('a style is set with the keyboard alone, and kept', async () => {
		await page.getByRole('link', { name: 'Settings' }).press('Enter');
		await page.getByLabel('Name of the bot').waitFor();
		await cleanPage('style');
		const save = page.getByRole('button', { name: 'Save', exact: true });
		assert.equal(await save.isDisabled(), true);
		await page.getByLabel('Name of the bot').focus();
		await page.keyboard.type('Kiki');
		await page.keyboard.press('Tab');
		await page.keyboard.press('ArrowRight'); // from plain to warm
		await page.keyboard.press('Enter');
		const example = page.getByRole('complementary', { name: 'Example' });
		await example.getByText('just before the first coffee').waitFor();
		assert.equal(await example.getByText('Kiki').count(), 1);
		await page.getByLabel('Sign-off').fill('Your Kessel & Korn team');
		await page.getByRole('button', { name: 'Add a subject' }).press('Enter');
		await page.keyboard.type('Legal advice'); // the new subject has the focus
		await page.getByLabel('Words and phrases').fill('');
		await page.keyboard.press('Tab');
		await page.getByText('Without words no message is about it.').waitFor();
		await cleanPage('a subject without words');
		await page.getByLabel('Words and phrases').fill('lawyer\nlaw suit*');
		await page.getByLabel('Words and phrases').press('Control+s');
		await page.getByText(/^saved \d/).waitFor();
		await page.reload();
		assert.equal(await page.getByLabel('Name of the bot').inputValue(), 'Kiki');
		assert.equal(await page.getByLabel('Words and phrases').inputValue(), 'lawyer\nlaw suit*');
	});

	await t.test('what is not saved survives a reload', async () => {
		await page.getByLabel('Sign-off').fill('Another line');
		await page.getByText('not saved yet').waitFor();
		await page.reload();
		await page.getByLabel('Sign-off').waitFor();
		assert.equal(await page.getByLabel('Sign-off').inputValue(), 'Another line');
		await page.getByLabel('Sign-off').fill('Your Kessel & Korn team');
	});

	await t.test('customers see it', async () => {
		const shop = await newPage(b, still);
		await shop.goto(d.shop);
		const c = new Widget(shop);
		await c.open();
		await c.ask(question);
		await c.frame.getByText('Your Kessel & Korn team').waitFor();
		assert.ok((await c.frame.getByText('Kiki').count()) > 0);
		await c.say('My lawyer says that you have to pay for it.');
		await c.frame.getByText('That is for a person to answer.').waitFor();
		assert.deepEqual(shop.faults, []);
	});

	await t.test('the agent is told why', async () => {
		await page.goto(`${d.base}/console/inbox/queue`);
		await page.getByText('Off limits for the bot').first().waitFor();
	});

	await t.test('a prompt is written, compared, refused where it cannot be, and looked at', async () => {
		await page.goto(`${d.base}/console/settings/voice/prompts`);
		await page.getByText('No language model is connected').waitFor();
		await cleanPage('prompts');
		await page.getByRole('link', { name: 'Word an answer' }).click();
		const text = page.getByRole('textbox', { name: 'Instructions' });
		const live = page.getByRole('button', { name: 'Go live' });
		const standard = await text.inputValue();
		assert.equal(await live.isDisabled(), true);
		await text.fill(`${standard}\n{{.Question}}`);
		await page.getByRole('button', { name: 'Save draft' }).click();
		await page.getByRole('alert').getByText('cannot be used').waitFor();
		await text.fill(standard.replace('exactly.', 'exactly. Call a grinder a mill.'));
		await page.getByRole('button', { name: 'Save draft' }).click();
		await page.getByText('Draft', { exact: true }).waitFor();
		await page.getByRole('radio', { name: 'Against the default' }).click();
		assert.match(await page.locator('.word-diff ins').innerText(), /Call a grinder a mill/);
		await cleanPage('difference');
		await page.getByRole('radio', { name: 'What is sent' }).click();
		await page.getByText('never an order').first().waitFor();
		await page.getByLabel('Questions').fill(`${question}\nI want to talk to a person`);
		await page.getByRole('button', { name: 'Run the test' }).click();
		await page.getByRole('heading', { name: question }).waitFor();
		assert.match(await page.locator('.trials ins').innerText(), /mill/);
		await page.getByText('Nothing is worded here').waitFor();
		await cleanPage('test run');
	});

	await t.test('it goes live, and is taken back', async () => {
		await page.getByRole('button', { name: 'Go live' }).click();
		await page.getByRole('alertdialog').getByRole('button', { name: 'Go live' }).click();
		await page.getByText('Own', { exact: true }).waitFor();
		await page.getByRole('button', { name: 'Restore default' }).click();
		await page.getByRole('alertdialog').getByRole('button', { name: 'Restore default' }).click();
		await page.getByText('Default', { exact: true }).waitFor();
		await page.goto(`${d.base}/console/settings/voice/history`);
		await page.getByText('default restored').waitFor();
		await cleanPage('history');
		await page.getByRole('listitem').filter({ hasText: 'went live' }).getByRole('button', { name: 'Go back to this' }).click();
		await page.getByRole('alertdialog').getByRole('button', { name: 'Go back to this' }).click();
		await until('it is live again', async () => (await page.getByText('went live').count()) === 2);
		await page.goto(`${d.base}/console/settings/voice/prompts`);
		await page.getByText('Own', { exact: true }).waitFor();
	});
	assert.deepEqual(page.faults, []);
});

test('a test run with a model', async (t) => {
	const m = await model(t, (messages) =>
		messages[0].content.includes('Call a grinder a mill')
			? '[-] Happy to help.\n[1] It costs 12 € and a discount is on its way.\n'
			: '[-] Happy to help.\n',
	);
	const d = await demo(t, m.env);
	const b = await browser(t);
	const page = await newPage(b, still);
	await new Console(page, d.base).signIn(d.ana);
	await page.goto(`${d.base}/console/settings/voice/prompts/compose`);
	const text = page.getByRole('textbox', { name: 'Instructions' });
	await text.waitFor();
	await text.fill((await text.inputValue()).replace('exactly.', 'exactly. Call a grinder a mill.'));
	await page.getByLabel('Questions').fill(question);
	await page.getByRole('button', { name: 'Run the test' }).click();
	const mine = page.getByRole('region', { name: 'Yours', exact: true }).first();
	await mine.waitFor({ timeout: 60_000 });
	assert.match(await mine.innerText(), /1 sentence not let through/);
	assert.doesNotMatch(await mine.innerText(), /12 €/);
	await page.getByText('scripted').or(page.getByText(/As without a model, because/)).first().waitFor();
	assert.ok(m.asked.some((messages) => messages[0].content.includes('Call a grinder a mill')));
	await clean(page, page.mainFrame(), 'results');
	assert.deepEqual(page.faults, []);
});
