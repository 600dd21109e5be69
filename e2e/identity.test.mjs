// An agent asks who the customer is, and the customer shows it by a code that
// comes by e-mail. FRONTDESK_PICTURES names a folder for pictures of each step.
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
const looks = {
	'360-light': { viewport: { width: 360, height: 740 }, colorScheme: 'light' },
	'360-dark': { viewport: { width: 360, height: 740 }, colorScheme: 'dark' },
	light: { colorScheme: 'light' },
	dark: { colorScheme: 'dark' },
};

test('a customer confirms who they are', async (t) => {
	const post = await letters(t);
	const d = await demo(t, { FRONTDESK_SMTP_URL: post.url });
	const b = await browser(t);
	const agent = new Console(await newPage(b, { reducedMotion: 'reduce', viewport: { width: 1440, height: 900 } }), d.base);
	await agent.signIn(d.ana);

	for (const [look, options] of Object.entries(looks)) {
		await t.test(look, async () => {
			const page = await newPage(b, { reducedMotion: 'reduce', ...options });
			const take = async (name) => {
				if (!pictures) return;
				mkdirSync(pictures, { recursive: true });
				await page.waitForTimeout(300);
				await page.screenshot({ path: `${pictures}/${name}-${look}.png` });
			};
			await page.goto(d.shop);
			const c = new Widget(page);
			await c.open();
			await c.say('Please cancel my order KK-20418, I want to talk to a person.');
			await c.frame.getByText(/in line/).first().waitFor();
			await agent.page.goto(`${d.base}/console/inbox/queue`);
			await agent.openFirst();
			await agent.take();
			await agent.page.getByRole('button', { name: 'Ask to confirm' }).click();

			// The address.
			const card = c.frame.getByRole('region', { name: 'Confirm that it is you' });
			await card.waitFor();
			await take('1-address');
			await clean(page, c.frame, 'address');
			await card.getByLabel('Your e-mail').fill('maria@example');
			await card.getByRole('button', { name: 'Send the code' }).click();
			await card.getByRole('alert').waitFor();
			const address = `maria.${look}@example.com`;
			await card.getByLabel('Your e-mail').fill(address);
			await card.getByRole('button', { name: 'Send the code' }).click();

			// The code.
			const step = c.frame.getByRole('region', { name: 'Enter the code' });
			const field = step.getByLabel('Six-digit code');
			await field.waitFor();
			await until('focus in the field', () => field.evaluate((el) => el === document.activeElement));
			assert.equal(await field.getAttribute('autocomplete'), 'one-time-code');
			await take('2-code');
			await clean(page, c.frame, 'code');
			const letter = await until('the letter', () => post.letters.find((l) => l.to === address));
			const code = letter.text.match(/^Subject: (\d{6}) is your code/m)[1];
			const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0');
			await field.fill(wrong);
			await step.getByText('2 tries are left').waitFor();
			await take('3-wrong');
			await clean(page, c.frame, 'a wrong code');
			// As it is pasted out of a letter.
			await field.fill(` ${code.slice(0, 3)} ${code.slice(3)}`);
			await c.sees(`You confirmed ${address}`);
			await step.waitFor({ state: 'detached' });
			await take('4-done');
			await clean(page, c.frame, 'confirmed');

			await agent.page.getByText('Verified by e-mail code').waitFor();
			assert.deepEqual(page.faults, []);
			await page.close();
		});
	}

	await t.test('an action that is for verified customers asks, and goes on', async () => {
		await agent.page.evaluate(async () => {
			const now = await (await fetch('/api/v1/actions')).json();
			now.value.actions.find((a) => a.write !== true).verified = true;
			const body = JSON.stringify({ value: now.value, revision: now.revision });
			const put = await fetch('/api/v1/actions', { method: 'PUT', body, headers: { 'Content-Type': 'application/json' } });
			if (!put.ok) throw new Error(await put.text());
		});
		const page = await newPage(b, { reducedMotion: 'reduce' });
		await page.goto(d.shop);
		const c = new Widget(page);
		await c.open();
		await c.say('Where is my order KK-20418?');
		await c.sees(/That is only for you to see or change/);
		const card = c.frame.getByRole('region', { name: 'Confirm that it is you' });
		await card.getByLabel('Your e-mail').fill('ann@example.com');
		await card.getByRole('button', { name: 'Send the code' }).click();
		const letter = await until('the letter', () => post.letters.find((l) => l.to === 'ann@example.com'));
		const field = c.frame.getByLabel('Six-digit code');
		await field.fill(letter.text.match(/^Subject: (\d{6}) is your code/m)[1]);
		await c.sees('You confirmed ann@example.com');
		await c.say('done');
		await c.sees(/Your order KK-20418 is on its way, delivery/);
		assert.deepEqual(page.faults, []);
		await page.close();
	});

	await t.test('and the console shows it', async () => {
		await clean(agent.page, agent.page.mainFrame(), 'panel');
		if (pictures) await agent.page.screenshot({ path: `${pictures}/5-console.png` });
		assert.deepEqual(agent.page.faults, []);
	});
});
