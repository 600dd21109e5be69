// A promise, from the words that an agent writes to the receipt that the customer checks; one that is kept, and one that
// is broken and told.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import { clean } from './lib/axe.mjs';
import { browser, newPage } from './lib/browser.mjs';
import { Console } from './lib/console.mjs';
import { demo } from './lib/demo.mjs';
import { Widget } from './lib/widget.mjs';

const still = { reducedMotion: 'reduce' };

test('a promise and its receipt', async (t) => {
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
	await agent.take();
	const box = staff.getByRole('textbox', { name: /reply/i });
	const bar = staff.getByRole('region', { name: 'Promises in your reply' });
	const card = c.frame.getByRole('region', { name: 'Receipt' }).filter({ hasText: 'call you back' });
	let number;

	await t.test('is found while the agent writes, and recorded by one key', async () => {
		await box.fill('Shall I call you tomorrow at 9?');
		await box.fill("Thank you, Lena. I'll call you back within two hours. Is that all right?");
		await bar.getByText("I'll call you back within two hours").waitFor();
		await clean(staff, staff.mainFrame(), 'the promise bar');
		await box.press('Alt+p');
		const said = bar.getByText(/^Recorded as FD-[0-9A-Z]{4}-[0-9A-Z]{4}/);
		await said.waitFor();
		number = (await said.textContent()).match(/FD-\S{4}-\S{4}/)[0];
		assert.match(await box.inputValue(), /call you back within two hours/, 'the key types nothing');
		await box.press('Control+Enter');
		await agent.sees("I'll call you back within two hours");
	});

	await t.test('the customer has a copy, and checks the receipt', async () => {
		await card.getByText(number).waitFor();
		assert.match(await card.textContent(), /Ana promised/);
		await card.getByRole('button', { name: 'Check the receipt' }).click();
		await card.getByText('This receipt is ours.').waitFor();
		assert.match(await card.textContent(), new RegExp(`number: ${number}`));
		await clean(page, c.frame, 'the promise card');
	});

	await t.test('stands in the panel, and is kept', async () => {
		const panel = staff.getByRole('complementary', { name: 'Customer' });
		await box.press('Escape');
		await staff.keyboard.press('c');
		await panel.getByText(number).waitFor();
		await panel.getByRole('button', { name: /Mark as kept/ }).click();
		await panel.getByText(/^kept /).first().waitFor();
		await card.getByText('Kept', { exact: true }).waitFor();
		await clean(staff, staff.mainFrame(), 'the panel');
		await staff.keyboard.press('Escape');
	});

	await t.test('one that is broken is told, with an apology and a new time', async () => {
		// Recorded for in a moment, which no words of an agent would be; it must still be to come when the server reads it.
		const made = await staff.request.post(`${d.base}/api/v1/conversations/${agent.id()}/promises`, {
			headers: { Origin: d.base },
			data: { client_id: randomUUID(), text: 'The tracking number', due: new Date(Date.now() + 5_000).toISOString() },
		});
		assert.equal(made.status(), 200, await made.text());
		await c.frame.getByText('The tracking number, by').first().waitFor();
		// The watch looks every 5 s.
		await c.frame.getByText(/for “The tracking number” and did not make it\. I'm sorry\. New time:/).waitFor({ timeout: 20_000 });
		await c.frame.getByText('We did not make it: see the new time below').waitFor();
		await agent.sees(/The tracking number/);
	});

	await t.test('the ledger shows both, by the address', async () => {
		await staff.getByRole('link', { name: 'Promises' }).click();
		await staff.getByRole('row', { name: /The tracking number/ }).waitFor();
		await clean(staff, staff.mainFrame(), 'the ledger');
		await staff.getByRole('radio', { name: 'Broken' }).click();
		await staff.waitForURL(/state=broken/);
		await staff.getByRole('row', { name: new RegExp(`call you back.*${number}`) }).waitFor({ state: 'detached' });
		await staff.getByRole('row', { name: /The tracking number.*broken/ }).waitFor();
		await staff.goto(`${d.base}/console/promises?state=kept`);
		await staff.getByRole('row', { name: new RegExp(`call you back.*kept.*${number}`) }).waitFor();
		await staff.setViewportSize({ width: 360, height: 740 });
		await clean(staff, staff.mainFrame(), 'the ledger on a phone');
	});
	assert.deepEqual(staff.faults, []);
	assert.deepEqual(page.faults, []);
});
