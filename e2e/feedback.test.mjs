// What customers say: a thumb below an answer and why, a rating at the end, the conversation by e-mail; and where the
// staff reads it. FRONTDESK_PICTURES names a folder for pictures of each step.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import test from 'node:test';
import { clean } from './lib/axe.mjs';
import { browser, newPage } from './lib/browser.mjs';
import { Console } from './lib/console.mjs';
import { demo } from './lib/demo.mjs';
import { letters } from './lib/letters.mjs';
import { until } from './lib/product.mjs';
import { Widget } from './lib/widget.mjs';

const pictures = process.env.FRONTDESK_PICTURES;

async function picture(page, name) {
	if (!pictures) return;
	mkdirSync(pictures, { recursive: true });
	const before = page.viewportSize();
	await page.waitForTimeout(300);
	for (const [width, height] of [[1440, 900], [360, 740]])
		for (const colorScheme of ['light', 'dark']) {
			await page.setViewportSize({ width, height });
			await page.emulateMedia({ colorScheme });
			await page.waitForTimeout(100);
			await page.screenshot({ path: `${pictures}/${name}-${width}-${colorScheme}.png` });
		}
	await page.emulateMedia({ colorScheme: 'light' });
	await page.setViewportSize(before);
}

test('what customers say', async (t) => {
	const post = await letters(t);
	const d = await demo(t, { FRONTDESK_SMTP_URL: post.url });
	const b = await browser(t);
	const page = await newPage(b, { reducedMotion: 'reduce' });
	const customer = new Widget(page);
	const agent = new Console(await newPage(b, { reducedMotion: 'reduce', viewport: { width: 1440, height: 900 } }), d.base);
	const staff = agent.page;

	await t.test('an answer that did not help: why, in words, by keyboard', async () => {
		await page.goto(d.shop);
		await customer.open();
		await customer.ask('How do I clean the burrs of my M2?');
		const no = customer.frame.getByRole('button', { name: 'No, this did not help' });
		await no.waitFor();
		await picture(page, 'thumbs');
		await no.focus();
		await page.keyboard.press('Enter');
		const why = customer.frame.getByRole('group', { name: 'What was wrong with it?' });
		await why.getByRole('button', { name: 'Out of date' }).click();
		await customer.frame.getByRole('textbox', { name: 'Say more (optional)' }).fill('The M2 has new burrs now');
		await picture(page, 'why');
		await clean(page, customer.frame, 'the reasons');
		await customer.frame.locator('.why').getByRole('button', { name: 'Send' }).click();
		await customer.frame.getByText('It goes to those who write our articles').waitFor();
		await until('focus on the thumb', () => no.evaluate((el) => el === document.activeElement));
		await until('the thumb to be pressed', async () => (await no.getAttribute('aria-pressed')) === 'true');
	});

	await t.test('the agent has it in the brief, beside the answer', async () => {
		await customer.askForPerson();
		await agent.signIn(d.ana);
		await staff.goto(`${d.base}/console/inbox/queue`);
		await agent.openFirst();
		await staff.getByText(/it did not help, it is out of date/).first().waitFor();
		await agent.take();
		await until('the word beside the answer', async () => {
			await agent.unfold();
			return staff.getByText('Did not help: out of date').first().isVisible();
		});
		await agent.reply('Thank you, I pass it on.');
		await customer.sees('Thank you, I pass it on.');
		await picture(staff, 'console-log');
		await clean(staff, staff.mainFrame(), 'a word beside an answer');
	});

	await t.test('the editor finds it beside the gaps, with its article', async () => {
		const editor = await staff.context().newPage();
		await editor.goto(`${d.base}/console/knowledge/gaps`);
		await editor.getByRole('radio', { name: 'Did not help' }).or(editor.getByRole('button', { name: 'Did not help' })).first().click();
		await editor.getByText('“The M2 has new burrs now”').waitFor();
		await editor.getByRole('link', { name: /Clean the burrs/ }).waitFor();
		await picture(editor, 'console-unhelped');
		await clean(editor, editor.mainFrame(), 'answers that did not help');
		await editor.close();
	});

	await t.test('a rating at the end, that is changed; then the chat by e-mail', async () => {
		const id = staff.url().match(/[0-9a-f-]{36}/)[0];
		const view = await staff.evaluate((at) => fetch(at).then((r) => r.json()), `/api/v1/conversations/${id}`);
		const closed = await staff.evaluate(
			([at, body]) => fetch(at, { method: 'POST', headers: { 'content-type': 'application/json' }, body }).then((r) => r.status),
			[`/api/v1/conversations/${id}/close`, JSON.stringify({ epoch: view.epoch, outcome: 'solved' })],
		);
		assert.equal(closed, 200);
		const card = customer.frame.getByRole('group', { name: /How did .* do\?/ });
		await card.waitFor();
		await picture(page, 'rating');
		await clean(page, customer.frame, 'the rating');
		await card.getByText('4', { exact: true }).click();
		await customer.frame.getByRole('button', { name: 'Send rating' }).click();
		await customer.sees('You rated this chat 4 of 5. Thank you.');
		await customer.frame.getByRole('button', { name: 'Change the rating' }).click();
		await card.getByText('5', { exact: true }).click();
		await customer.frame.getByRole('button', { name: 'Send rating' }).click();
		await customer.sees('You rated this chat 5 of 5. Thank you.');
		await customer.frame.getByRole('button', { name: 'Send me this chat by e-mail' }).click();
		await customer.frame.getByLabel('Your e-mail').fill('maria@example');
		await customer.frame.getByRole('button', { name: 'Send the chat' }).click();
		await customer.frame.getByText(/looks cut off/).waitFor();
		await customer.frame.getByLabel('Your e-mail').fill('maria@example.com');
		await picture(page, 'transcript');
		await clean(page, customer.frame, 'the form of the transcript');
		await customer.frame.getByRole('button', { name: 'Send the chat' }).click();
		const letter = await until('the letter', () => post.letters.find((l) => l.to === 'maria@example.com'));
		for (const part of [/^Subject: Your conversation with /m, /How do I clean the burrs of my M2\?/, /Thank you, I pass it on\./, /1\. .*[Bb]urrs/]) assert.match(letter.text, part);
		await customer.sees('Sent to maria@example.com by e-mail');
		assert.equal(post.letters.length, 1);
	});

	await t.test('insight counts both; the survey is a setting', async () => {
		await staff.goto(`${d.base}/console/insight`);
		await staff.getByText(/of the judged answers helped/).waitFor();
		await picture(staff, 'console-insight');
		await clean(staff, staff.mainFrame(), 'insight');
		await staff.goto(`${d.base}/console/settings/widget`);
		await staff.getByText('Recommendation', { exact: true }).click();
		await staff.locator('.survey-asking').scrollIntoViewIfNeeded();
		await staff.getByText(/How likely are you to recommend/).waitFor();
		await picture(staff, 'console-survey');
		await clean(staff, staff.mainFrame(), 'the survey');
		assert.deepEqual(page.faults, []);
		assert.deepEqual(staff.faults, []);
	});
});
