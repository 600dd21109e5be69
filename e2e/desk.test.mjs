// What agents do with a conversation beside writing: pass it on to a team and to
// each other, put it off, and end it, mostly by the keyboard.
import assert from 'node:assert/strict';
import test from 'node:test';
import { clean } from './lib/axe.mjs';
import { browser, newPage } from './lib/browser.mjs';
import { Console } from './lib/console.mjs';
import { demo } from './lib/demo.mjs';
import { until } from './lib/product.mjs';
import { Widget } from './lib/widget.mjs';

const still = { reducedMotion: 'reduce' };
const ben = { name: 'Ben', email: 'ben@kesselkorn.example', password: 'a-long-password' };

test('the desk', async (t) => {
	const d = await demo(t);
	const b = await browser(t);
	const [anaPage, benPage, shop] = [await newPage(b, still), await newPage(b, still), await newPage(b, still)];
	const [ana, his] = [new Console(anaPage, d.base), new Console(benPage, d.base)];
	await ana.signIn(d.ana);
	const added = await anaPage.evaluate(
		async (user) => (await fetch('/api/v1/users', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(user) })).status,
		{ ...ben, role: 'agent' },
	);
	assert.equal(added, 200);
	await his.signIn(ben);
	const tab = (page, name) => page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name });
	const dialog = (page) => page.getByRole('dialog');

	await t.test('a team is made', async () => {
		await anaPage.getByRole('link', { name: 'Team' }).click();
		await anaPage.getByRole('button', { name: 'Add a team' }).click();
		await dialog(anaPage).getByLabel('Name of the team').fill('Refunds');
		await dialog(anaPage).getByRole('checkbox', { name: 'Ben' }).check();
		await clean(anaPage, anaPage.mainFrame(), 'a new team');
		await anaPage.keyboard.press('Enter');
		await anaPage.getByRole('row', { name: /Refunds.*Ben/ }).waitFor();
		await clean(anaPage, anaPage.mainFrame(), 'teams');
	});

	const widget = new Widget(shop);
	await t.test('a waiting conversation is passed on to the team', async () => {
		await shop.goto(d.shop);
		await widget.open();
		await widget.say('I want my money back for order 10047.');
		await widget.askForPerson();
		await anaPage.goto(`${d.base}/console/inbox/queue`);
		await anaPage.getByRole('list', { name: 'Queue' }).getByRole('link', { name: /money back/ }).click();
		await ana.brief().waitFor();
		await anaPage.keyboard.press('t');
		await dialog(anaPage).getByRole('option', { name: 'Refunds' }).waitFor();
		await clean(anaPage, anaPage.mainFrame(), 'passing on');
		// The list has the focus: letters find a name.
		await anaPage.keyboard.type('Ref');
		await anaPage.keyboard.press('Enter');
		await dialog(anaPage).getByLabel(/^Note/).fill('He has waited for a week.');
		await dialog(anaPage).getByRole('button', { name: 'Pass on' }).click();
		await dialog(anaPage).waitFor({ state: 'detached' });
		await anaPage.getByRole('list', { name: 'Queue' }).getByRole('link', { name: /Team\s*Refunds/ }).waitFor();
	});

	await t.test('its member finds it, and gets it from a colleague', async () => {
		await tab(benPage, 'Team').click();
		await benPage.getByRole('list', { name: 'Team' }).getByRole('link', { name: /money back/ }).click();
		await his.log().getByText('He has waited for a week.').waitFor();
		await anaPage.getByRole('list', { name: 'Queue' }).getByRole('link', { name: /money back/ }).click();
		await ana.brief().waitFor();
		await anaPage.keyboard.press('t');
		await dialog(anaPage).getByRole('option', { name: 'Ben' }).click();
		await dialog(anaPage).getByRole('button', { name: 'Pass on' }).click();
		await widget.frame.getByText('Ben joined').waitFor();
		await benPage.getByText('Yours', { exact: true }).waitFor();
		await his.log().getByText('Ana gave it to Ben').waitFor();
	});

	await t.test('it is put off, and woken', async () => {
		await his.reply('I ask the bank, and write tomorrow.');
		await widget.sees('I ask the bank');
		await benPage.keyboard.press('Escape');
		await benPage.keyboard.press('z');
		await dialog(benPage).getByRole('option', { name: 'Tomorrow' }).waitFor();
		await clean(benPage, benPage.mainFrame(), 'putting off');
		await benPage.keyboard.type('Tom');
		await benPage.keyboard.press('Enter');
		await dialog(benPage).waitFor({ state: 'detached' });
		await tab(benPage, 'Snoozed').click();
		await until('an empty list', async () => /0/.test(await tab(benPage, 'Mine').innerText()));
		await benPage.getByRole('list', { name: 'Snoozed' }).getByRole('link').first().click();
		await benPage.getByRole('main').getByText(/Snoozed until .*, 09:00/).first().waitFor();
		await clean(benPage, benPage.mainFrame(), 'a snoozed conversation');
		await benPage.keyboard.press('z');
		await benPage.getByRole('main').getByText('Yours', { exact: true }).waitFor();
	});

	await t.test('the customer wakes it', async () => {
		await benPage.keyboard.press('z');
		await dialog(benPage).getByRole('option', { name: 'Tomorrow' }).click();
		await dialog(benPage).waitFor({ state: 'detached' });
		await tab(benPage, 'Mine').click();
		await until('an empty list', async () => /0/.test(await tab(benPage, 'Mine').innerText()));
		await widget.say('It is here, thank you.');
		await benPage.getByRole('list', { name: 'Mine' }).getByRole('link', { name: /thank you/ }).click();
		await benPage.getByRole('main').getByText('Yours', { exact: true }).waitFor();
	});

	await t.test('it ends, with a word on how', async () => {
		await benPage.keyboard.press('e');
		await benPage.getByRole('list', { name: 'Mine' }).getByRole('link').first().waitFor({ state: 'detached' });
		await tab(benPage, 'Closed').click();
		const closed = benPage.getByRole('list', { name: 'Closed' }).getByRole('link', { name: /thank you.*Solved/ });
		await closed.click();
		await benPage.getByRole('button', { name: 'Reopen and take it' }).click();
		await benPage.getByRole('button', { name: 'How it ended' }).click();
		await benPage.getByRole('menuitemradio', { name: 'Duplicate' }).waitFor();
		await benPage.getByRole('menuitem', { name: 'Close with a note' }).click();
		await dialog(benPage).getByLabel('Note').fill('Asked twice.');
		await clean(benPage, benPage.mainFrame(), 'closing with a note');
		await dialog(benPage).getByRole('button', { name: 'How it ended' }).click();
		await benPage.getByRole('option', { name: 'Duplicate' }).click();
		await dialog(benPage).getByRole('button', { name: 'Close as duplicate' }).click();
		await tab(benPage, 'Closed').click();
		await benPage.getByRole('list', { name: 'Closed' }).getByRole('link', { name: /thank you.*Duplicate/ }).waitFor();
	});
	for (const page of [anaPage, benPage, shop]) assert.deepEqual(page.faults, []);
});
