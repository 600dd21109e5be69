// A customer ends a chat: with the bot, in the queue, with an agent, and without a connection. And what is wrong with a
// connection is said also when it goes while the chat opens.
import assert from 'node:assert/strict';
import test from 'node:test';
import { clean } from './lib/axe.mjs';
import { browser, newPage } from './lib/browser.mjs';
import { Console } from './lib/console.mjs';
import { demo } from './lib/demo.mjs';
import { until } from './lib/product.mjs';
import { Widget } from './lib/widget.mjs';

const still = { reducedMotion: 'reduce' };
const question = 'What does delivery to Austria cost?';

test('a customer ends a chat', async (t) => {
	const d = await demo(t);
	const b = await browser(t);
	const customer = async () => {
		const page = await newPage(b, still);
		await page.goto(d.shop);
		const c = new Widget(page);
		await c.open();
		return c;
	};
	const item = (c) => c.frame.getByRole('button', { name: 'End this chat' });
	const menu = (c) => c.frame.getByRole('button', { name: 'More options' });
	const asks = (c) => c.frame.getByText('until you write again');
	const end = async (c) => {
		await menu(c).click();
		await item(c).click();
		await asks(c).waitFor();
		await item(c).click();
	};
	const ended = async (c) => {
		await c.sees(/Chat ended$/);
		assert.equal(await c.log.getByText(/Chat ended$/).count(), 1);
		await c.frame.getByText(/How did .* do\?/).waitFor();
		await c.frame.getByRole('button', { name: 'Start a new chat' }).waitFor();
	};
	const staff = await newPage(b, still);
	const agent = new Console(staff, d.base);
	await agent.signIn(d.ana);
	const c = await customer();

	await t.test('there is nothing to end before something was said', async () => {
		assert.equal(await menu(c).count(), 0);
	});

	await t.test('not by a double click, nor by a key that is pressed twice', async () => {
		await c.ask(question);
		await menu(c).click();
		await item(c).dblclick();
		assert.equal(await c.ended(), false);
		if (await asks(c).isVisible()) await c.frame.getByRole('button', { name: 'Keep it open' }).click();
		await menu(c).press('Enter');
		await item(c).press('Enter');
		await asks(c).waitFor();
		await clean(c.page, c.frame, 'the question');
		await c.page.keyboard.press('Enter');
		assert.ok(await asks(c).isVisible(), 'Enter on the question answers nothing');
		await c.page.keyboard.press('Tab');
		await c.page.keyboard.press('Tab');
		await c.page.keyboard.press('Enter'); // Keep it open
		await asks(c).waitFor({ state: 'detached' });
		assert.ok(await menu(c).evaluate((el) => el === document.activeElement), 'the focus is back at the button');
		assert.equal(await c.ended(), false);
	});

	await t.test('with the bot, by keyboard alone', async () => {
		await menu(c).press('Enter');
		await item(c).press('Enter');
		await asks(c).waitFor();
		await c.page.keyboard.press('Tab');
		await c.page.keyboard.press('Enter');
		await ended(c);
		await clean(c.page, c.frame, 'the end');
		await menu(c).click();
		await c.frame.getByRole('switch').waitFor();
		assert.equal(await item(c).count(), 0, 'ended once');
		await c.page.keyboard.press('Escape');
	});

	await t.test('and writes again', async () => {
		await c.ask('How do I clean the burrs of my M2?');
		await c.sees('Chat reopened');
	});

	await t.test('in the queue: nobody waits any more', async () => {
		await c.askForPerson();
		await c.frame.getByText(/in line/).first().waitFor();
		const waiting = staff.getByRole('list', { name: 'Queue' }).getByRole('link', { name: /delivery to Austria/ });
		await waiting.waitFor();
		await end(c);
		await until('the end', async () => (await c.log.getByText(/Chat ended$/).count()) === 2);
		assert.equal(await c.frame.getByText(/in line/).count(), 0);
		await waiting.waitFor({ state: 'detached' });
	});

	await t.test('with an agent, who reads who ended it', async () => {
		const other = await customer();
		await other.ask(question);
		await other.askForPerson();
		await agent.openFirst();
		await agent.take();
		await other.sees('Ana joined');
		await end(other);
		await ended(other);
		await agent.sees(/^Visitor \w{4} ended the chat/);
		await agent.gone();
		await clean(staff, staff.mainFrame(), 'a chat that its customer ended');
		// It is rated as one that an agent has closed.
		await other.frame.getByRole('radio', { name: /^5/ }).check({ force: true });
		await other.frame.getByRole('button', { name: 'Send rating' }).click();
		await other.frame.getByRole('button', { name: 'Change the rating' }).waitFor();
		assert.deepEqual(other.page.faults, []);
	});

	await t.test('without a connection it waits, in its order', async () => {
		const lost = await customer();
		await lost.ask(question);
		await lost.page.context().setOffline(true);
		await lost.say('One more thing');
		await end(lost);
		await lost.log.locator('.me.wait', { hasText: 'End this chat' }).getByText('Waiting to send').waitFor();
		await lost.page.context().setOffline(false);
		await ended(lost);
		const said = await lost.log.innerText();
		assert.ok(said.indexOf('One more thing') < said.indexOf('Chat ended'), said);
	});
	await t.test('a connection that goes while the chat opens is told of', async () => {
		const page = await newPage(b, still);
		// The app comes when what tells of trouble is there; then nothing comes any more.
		const pane = page.waitForResponse(/pane-around\.js/);
		await page.route('**/widget/app.js', async (route) => {
			const app = await route.fetch();
			await pane;
			await route.fulfill({ response: app });
			await page.route('**/v1/session', (r) => r.abort());
			await page.route('**/pane-*.js', (r) => r.abort());
		});
		await page.goto(d.shop);
		const lost = new Widget(page);
		await lost.open();
		await lost.frame.getByText(/^No connection/).waitFor();
		await lost.say('Is anybody there?');
		await lost.sees('Waiting to send');
		await lost.frame.getByText(/^No connection/).waitFor();
		await page.context().close();
	});
	assert.deepEqual([...c.page.faults, ...staff.faults], []);
});
