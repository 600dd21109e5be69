// Actions of the shop in the demo: an order that is looked up, a change that the customer confirms, one that the shop
// refuses, and what staff sees of it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { clean } from './lib/axe.mjs';
import { browser, newPage } from './lib/browser.mjs';
import { Console } from './lib/console.mjs';
import { demo } from './lib/demo.mjs';
import { until } from './lib/product.mjs';
import { Widget } from './lib/widget.mjs';

test('actions', async (t) => {
	const d = await demo(t);
	const b = await browser(t);
	const page = await newPage(b);
	const customer = new Widget(page);
	const staff = await newPage(b, { viewport: { width: 1440, height: 900 } });
	const agent = new Console(staff, d.base);
	const card = () => customer.log.getByRole('region', { name: /^Cancel order/ }).last();

	await t.test('an order is looked up', async () => {
		await page.goto(d.shop);
		await customer.open();
		await customer.say('Where is my order KK-20418?');
		await customer.sees(/Your order KK-20418 is on its way, delivery/);
	});

	await t.test('a change is made only after it is confirmed', async () => {
		await customer.say('Please cancel order KK-20421');
		await card().getByRole('button', { name: 'Confirm' }).waitFor();
		await clean(page, customer.frame, 'a proposed change');
		await card().getByRole('button', { name: 'Confirm' }).click();
		await customer.sees('Order KK-20421 is cancelled. You get a confirmation by e-mail.');
		await until('the card to say so', async () => /it is done/.test(await card().innerText()));
		await page.reload();
		await customer.open();
		await until('the same after a reload', async () => /it is done/.test(await card().innerText()));
	});

	await t.test('a declined change is not made', async () => {
		await customer.say('cancel order KK-20422');
		await card().getByRole('button', { name: 'Don’t do it' }).click();
		await until('the card to say so', async () => /declined/.test(await card().innerText()));
	});

	await t.test('what the shop refuses goes to a person', async () => {
		await customer.say('please do cancel order KK-20422');
		await card().getByRole('button', { name: 'Confirm' }).click();
		await customer.sees(/The shop did not accept this, and nothing was changed/);
	});

	await t.test('staff sees it, and may switch an action off', async () => {
		await agent.signIn(d.ana);
		await staff.goto(`${d.base}/console/settings/actions/uses`);
		await staff.getByText('Failed, nothing was changed').waitFor();
		assert.equal(await staff.getByRole('row').filter({ hasText: 'Cancel an order' }).count(), 3);
		await clean(staff, staff.mainFrame(), 'uses of actions');
		await staff.goto(`${d.base}/console/settings/actions`);
		const off = staff.getByRole('radiogroup', { name: 'Cancel an order in this inbox' }).getByRole('radio', { name: 'Off' });
		await off.click();
		await until('it to be off', () => off.isChecked());
		await clean(staff, staff.mainFrame(), 'the list of actions');
		await staff.goto(`${d.base}/console/settings/actions/of/order_status`);
		await staff.getByLabel('Order', { exact: true }).fill('KK-20377');
		await staff.getByRole('button', { name: 'Look up' }).click();
		await staff.getByText(/Your order KK-20377 is delivered/).waitFor();
		await clean(staff, staff.mainFrame(), 'an action');
	});

	assert.deepEqual([...page.faults, ...staff.faults], []);
});
