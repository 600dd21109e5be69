// What agents have between them, with two of them at once: canned replies, mentions, who else is here, the palette,
// articles beside the conversation, what the bot should have known, drafts in two tabs, notifications.
import assert from 'node:assert/strict';
import test from 'node:test';
import { clean } from './lib/axe.mjs';
import { browser, newPage } from './lib/browser.mjs';
import { Console } from './lib/console.mjs';
import { demo } from './lib/demo.mjs';
import { until } from './lib/product.mjs';
import { Widget } from './lib/widget.mjs';

const still = { reducedMotion: 'reduce' };
const tom = { name: 'Tom Weber', email: 'tom.weber@kesselkorn.example', password: 'a long enough password', role: 'agent' };

test('what agents have between them', async (t) => {
	const d = await demo(t);
	const b = await browser(t);
	const anas = await newPage(b, still);
	// What is told is kept for the test, in the place of the desktop.
	await anas.addInitScript(() => {
		window.told = [];
		window.Notification = class {
			static permission = 'granted';
			static requestPermission = async () => 'granted';
			constructor(title, options) {
				window.told.push({ title, ...options });
			}
			close() {}
		};
	});
	const ana = new Console(anas, d.base);
	await ana.signIn(d.ana);
	const api = (method, path, body) =>
		anas.evaluate(async ([method, path, body]) => {
			const answer = await fetch(`/api/v1${path}`, { method, headers: { 'Content-Type': 'application/json' }, body: body && JSON.stringify(body) });
			return { status: answer.status, body: await answer.json() };
		}, [method, path, body]);
	assert.equal((await api('POST', '/users', tom)).status, 200);
	const toms = await newPage(b, still);
	const his = new Console(toms, d.base);
	await his.signIn(tom);

	const shop = await newPage(b, still);
	await shop.goto(d.shop);
	const customer = new Widget(shop);
	await customer.open();
	await customer.ask('What does delivery to Austria cost?');
	await customer.frame.getByRole('button', { name: 'Talk to a person' }).click();
	await ana.openFirst();
	const conversation = ana.id();
	const box = anas.getByRole('textbox', { name: /reply|note/i });
	const list = anas.getByRole('listbox', { name: 'Canned replies' });

	const palette = anas.getByRole('dialog', { name: 'Find and do anything' });
	/** Opens the palette by its key, and waits until what is typed goes into it. */
	const openPalette = async () => {
		await anas.keyboard.press('Control+k');
		await until('its field to have the focus', () => palette.getByRole('combobox').evaluate((field) => field === document.activeElement));
	};

	/** Goes back into the text: on a phone, on which axe looks too, there is none before the conversation is taken. */
	const back = async () => {
		await box.focus();
		await box.press('End');
	};

	await t.test('a canned reply is made, and an unknown placeholder refused', async () => {
		await anas.goto(`${d.base}/console/settings/macros/new`);
		await anas.getByLabel('Short code').fill('lost-new');
		await anas.getByLabel('Name').fill('A new parcel');
		await anas.getByLabel('Text', { exact: true }).fill('Hello {{customer.age}}');
		await anas.getByText('For the whole team').click();
		await anas.getByRole('button', { name: 'Save' }).click();
		await anas.getByText('There is no placeholder {{customer.age}}').waitFor();
		await anas.getByLabel('Text', { exact: true }).fill('Hello');
		await anas.getByRole('button', { name: 'customer’s first name' }).click();
		assert.equal(await anas.getByLabel('Text', { exact: true }).inputValue(), 'Hello {{customer.first_name}}');
		await anas.getByLabel('Text', { exact: true }).press('End');
		await anas.keyboard.type(', a new parcel leaves {{inbox.brand}} today.');
		await clean(anas, anas.mainFrame(), 'the form of a canned reply');
		await anas.getByRole('button', { name: 'Save' }).click();
		await anas.getByRole('region', { name: 'For everybody' }).getByText('/lost-new').waitFor();
		await clean(anas, anas.mainFrame(), 'canned replies');
		assert.equal((await api('POST', '/macros', { code: 'bye', name: 'Goodbye', text: 'Yours, {{agent.first_name}}', shared: true })).status, 200);
	});

	await t.test('two stack, a gap blocks sending until it is filled', async () => {
		await anas.goto(`${d.base}/console/inbox/queue/${conversation}`);
		await ana.brief().waitFor();
		await anas.keyboard.press('/');
		await list.getByRole('option').first().waitFor();
		await anas.keyboard.type('lost');
		await until('one match', async () => (await list.getByRole('option').count()) === 1);
		await clean(anas, anas.mainFrame(), 'the list of canned replies');
		await back();
		await anas.keyboard.press('Enter');
		await list.waitFor({ state: 'detached' });
		assert.match(await box.inputValue(), /^Hello \{\{customer\.first_name\}\}, a new parcel leaves Kessel & Korn today\.$/);
		const send = anas.getByRole('button', { name: /^Send/ });
		assert.equal(await send.isDisabled(), true);
		await anas.getByText('Fill in before you send').waitFor();
		await anas.getByRole('button', { name: 'customer’s first name' }).click();
		await anas.keyboard.type('Lena'); // the gap is selected by its button, as it was when it came
		assert.equal(await box.inputValue(), 'Hello Lena, a new parcel leaves Kessel & Korn today.');
		await box.press('End');
		await anas.keyboard.type(' /bye');
		await list.getByRole('option').first().waitFor();
		await anas.keyboard.press('Tab');
		await list.waitFor({ state: 'detached' });
		assert.equal(await box.inputValue(), 'Hello Lena, a new parcel leaves Kessel & Korn today. Yours, Ana');
		assert.equal(await send.isDisabled(), false);
	});

	await t.test('a draft is the same in a second tab, and after a reload', async () => {
		const second = await anas.context().newPage();
		await second.goto(`${d.base}/console/inbox/queue/${conversation}`);
		const there = second.getByRole('textbox', { name: /reply/i });
		await until('the draft', async () => (await there.inputValue()).endsWith('Yours, Ana'));
		await there.press('End');
		await there.pressSequentially(' L.');
		await until('the newer words', async () => (await box.inputValue()).endsWith('Ana L.'));
		await second.close();
		await anas.reload();
		await until('the draft again', async () => (await box.inputValue()).endsWith('Ana L.'));
	});

	await t.test('who else looks and writes is seen, and asked about before sending', async () => {
		await toms.goto(`${d.base}/console/inbox/queue/${conversation}`);
		await his.brief().waitFor();
		await anas.getByText('Tom Weber is looking').waitFor();
		await toms.getByText('Ana is looking').waitFor();
		const hisBox = toms.getByRole('textbox', { name: /reply|note/i });
		await hisBox.pressSequentially('I have');
		await anas.getByText('Tom Weber is writing a reply').waitFor();
		await clean(anas, anas.mainFrame(), 'somebody else writes');
		await back();
		await anas.keyboard.type('!'); // begun before his answer
		await hisBox.fill('I have sent you a new one.');
		await hisBox.press('Control+Enter');
		await ana.sees('I have sent you a new one.');
		await box.press('Control+Enter');
		const asked = anas.getByRole('alertdialog');
		await asked.getByText(/Tom Weber answered \d+ s ago/).waitFor();
		await asked.getByText('I have sent you a new one.').waitFor();
		await clean(anas, anas.mainFrame(), 'asked before sending');
		await asked.getByRole('button', { name: 'Back to my text' }).click();
		assert.match(await box.inputValue(), /^Hello Lena/);
		assert.equal(await customer.times('Hello Lena'), 0);
		await box.fill('');
	});

	await t.test('a note mentions a colleague, who is told at once and until he has looked', async () => {
		await toms.goto(`${d.base}/console/inbox/queue`);
		await toms.getByRole('navigation', { name: 'Views' }).waitFor();
		await anas.getByRole('main').getByRole('log').click();
		await anas.keyboard.press('n');
		await anas.keyboard.type('@tom');
		await anas.getByRole('listbox', { name: 'Mention somebody' }).getByRole('option', { name: /Tom Weber/ }).waitFor();
		await clean(anas, anas.mainFrame(), 'the list of colleagues');
		await back();
		await anas.keyboard.press('Enter');
		await anas.keyboard.type('can you ask the carrier?');
		await anas.keyboard.press('Control+Enter');
		await ana.log().getByText('@Tom Weber', { exact: true }).waitFor();
		const link = toms.getByRole('link', { name: 'Mentions, 1 mention not seen' });
		await link.waitFor();
		await toms.reload();
		await link.click();
		const mentions = toms.getByRole('list', { name: 'Mentions' });
		await mentions.getByText('can you ask the carrier?').waitFor();
		await clean(toms, toms.mainFrame(), 'the list of mentions');
		await mentions.getByRole('link').first().click();
		await his.log().getByText('@Tom Weber', { exact: true }).waitFor();
		await until('it counts as seen', async () => (await toms.getByRole('link', { name: 'Mentions', exact: true }).count()) === 1);
	});

	await t.test('the palette finds and does things', async () => {
		await openPalette();
		await palette.getByRole('option', { name: /Reply/ }).waitFor();
		await clean(anas, anas.mainFrame(), 'the palette');
		await anas.keyboard.type('delivery');
		await palette.getByRole('option', { name: /Delivery times and costs/ }).waitFor();
		await palette.getByRole('option', { name: /^Visitor .*delivery/i }).waitFor();
		await anas.keyboard.press('Escape');
		await palette.waitFor({ state: 'detached' });
		await openPalette();
		await anas.keyboard.type('/bye');
		await palette.getByRole('option', { name: /\/bye/, selected: true }).waitFor();
		await anas.keyboard.press('Enter');
		await until('the text', async () => (await box.inputValue()) === 'Yours, Ana');
		await box.fill('');
		await box.press('Escape');
		await anas.keyboard.press('?');
		await anas.getByRole('dialog', { name: 'Keys' }).getByText('Articles beside the conversation').waitFor();
		await anas.keyboard.press('Escape');
		await anas.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'detached' });
	});

	await t.test('an article beside the conversation becomes text with its source; an internal one does not', async () => {
		await toms.goto(`${d.base}/console/inbox/mine/${conversation}`);
		const text = toms.getByRole('textbox', { name: /reply/i });
		await text.waitFor();
		await his.log().click();
		await toms.keyboard.press('a');
		const side = toms.getByRole('complementary');
		await side.getByRole('searchbox', { name: 'Search the articles' }).fill('shipping price Austria');
		await side.getByRole('button', { name: /Delivery times and costs/ }).click();
		await side.getByRole('button', { name: 'Insert as link' }).waitFor();
		await clean(toms, toms.mainFrame(), 'an article beside the conversation');
		await side.getByRole('button', { name: 'Insert as link' }).click();
		await until('the link', async () => /Delivery times and costs/.test(await text.inputValue()));
		await text.press('Control+Enter');
		await his.log().getByRole('list', { name: 'Sources' }).last().getByText('Delivery times and costs').waitFor();
		const all = (await api('GET', '/articles?visibility=internal&status=published')).body.data;
		await side.getByRole('button', { name: 'Back to the list' }).click();
		await side.getByRole('searchbox').fill(all[0].title);
		await side.getByRole('button', { name: all[0].title }).first().click();
		await side.getByText('This one is internal').waitFor();
		assert.equal(await side.getByRole('button', { name: /Insert/ }).count(), 0);
	});

	await t.test('a canned reply does what it is to do once it was sent, unless it was taken back', async () => {
		const later = { code: 'later', name: 'Tomorrow', text: 'You hear from us tomorrow.', shared: true };
		assert.equal((await api('POST', '/macros', { ...later, actions: [{ do: 'tag', tag: 'carrier' }, { do: 'snooze', minutes: 1440 }, { do: 'close' }] })).status, 200);
		await toms.reload();
		const text = toms.getByRole('textbox', { name: /reply/i });
		await text.pressSequentially('/later');
		await toms.getByRole('option', { name: /later/ }).waitFor();
		await text.press('Enter');
		await toms.getByRole('button', { name: 'Do not: close' }).click();
		await text.press('Control+Enter');
		await until('it is snoozed', async () => (await api('GET', `/conversations/${conversation}`)).body.snoozed_until);
		const { status, tags } = (await api('GET', `/conversations/${conversation}`)).body;
		assert.deepEqual({ status, tags }, { status: 'open', tags: ['carrier'] });
	});

	await t.test('what the bot should have known becomes a gap, and a gap an article', async () => {
		await openPalette();
		await anas.keyboard.type('should have');
		await palette.getByRole('option', { name: /should have/, selected: true }).waitFor();
		await anas.keyboard.press('Enter');
		const dialog = anas.getByRole('dialog', { name: 'The bot should have known' });
		await dialog.getByLabel('The customer’s question').fill('Do you deliver to Malta?');
		await clean(anas, anas.mainFrame(), 'what the bot should have known');
		await dialog.getByRole('button', { name: 'Record the gap' }).click();
		await dialog.getByText('Recorded under Knowledge').waitFor();
		await dialog.getByRole('button', { name: 'Understood' }).click();
		await anas.goto(`${d.base}/console/knowledge/gaps`);
		await anas.getByText('Do you deliver to Malta?').waitFor();
		await clean(anas, anas.mainFrame(), 'the gaps');
		await anas.getByRole('button', { name: 'Write the article' }).click();
		await anas.getByRole('textbox', { name: /title/i }).waitFor();
		await anas.goto(`${d.base}/console/knowledge/gaps`);
		await anas.getByRole('button', { name: 'Done', exact: true }).click();
		await anas.getByText('No open gaps').waitFor();
		await anas.getByRole('radio', { name: 'Done' }).click();
		await anas.getByRole('link', { name: 'Open the article' }).waitFor();
	});

	await t.test('notifications: off until asked for, never of what is looked at, and one tab speaks', async () => {
		await customer.say('Are you still there?');
		await his.sees('Are you still there?');
		assert.deepEqual(await anas.evaluate(() => window.told), []);
		await anas.goto(`${d.base}/console/inbox/queue`);
		// What is in the lists when the first look ends is known, and is not told.
		const looks = { begun: 0, ended: 0 };
		const counts = (what) => (request) => /\/api\/v1\/conversations\?.*limit=(30|200)\b/.test(request.url()) && looks[what]++;
		anas.on('request', counts('begun')).on('requestfinished', counts('ended')).on('requestfailed', counts('ended'));
		await anas.getByRole('button', { name: /your menu/ }).click();
		for (const way of ['From the browser', 'With a sound']) await anas.getByRole('menuitemcheckbox', { name: way }).click();
		await clean(anas, anas.mainFrame(), 'the menu');
		await anas.keyboard.press('Escape');
		await until('the one who speaks knows how things are', () =>
			anas.evaluate(async () => (await navigator.locks.query()).held.some((l) => l.name === 'frontdesk.speaker')));
		const second = await anas.context().newPage();
		await second.goto(`${d.base}/console/knowledge`);
		const theirs = await newPage(b, still);
		await theirs.goto(d.shop);
		const other = new Widget(theirs);
		await other.open();
		await until('the first look', () => looks.ended > 1 && looks.ended === looks.begun);
		await other.say('I want to talk to a person, please.');
		await until('a notification', () => anas.evaluate(() => window.told.length > 0));
		assert.match((await anas.evaluate(() => window.told[0])).title, /is waiting/);
		assert.equal(await anas.evaluate(() => document.documentElement.dataset.chimes), '1');
		assert.equal(await second.evaluate(() => document.documentElement.dataset.chimes), undefined);
		await second.close();
		await theirs.close();
	});

	for (const page of [anas, toms]) assert.deepEqual(page.faults, []);
});
