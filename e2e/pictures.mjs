// Takes the pictures of the README: node pictures.mjs, with FRONTDESK_BIN and FRONTDESK_CHROMIUM as for the tests.
import { mkdirSync } from 'node:fs';
import { browser, newPage } from './lib/browser.mjs';
import { Console } from './lib/console.mjs';
import { demo } from './lib/demo.mjs';
import { repository, until } from './lib/product.mjs';
import { Widget } from './lib/widget.mjs';

const cleanups = [];
const t = { after: (fn) => cleanups.push(fn) };
const folder = `${repository}/docs/img`;
mkdirSync(folder, { recursive: true });
try {
	const d = await demo(t);
	const b = await browser(t);
	const agentPage = await newPage(b, { viewport: { width: 1440, height: 900 } });
	const agent = new Console(agentPage, d.base);
	await agent.signIn(d.ana);

	const shop = await newPage(b);
	await shop.goto(d.shop);
	const customer = new Widget(shop);
	await customer.open();
	await customer.ask('How do I clean the burrs of my M2?');
	await shop.mouse.move(10, 10);
	await shop.waitForTimeout(400); // the message's own movement
	await shop.screenshot({ path: `${folder}/widget.png` });

	await customer.say('Tracking says KK-20418 was delivered on Friday, but there is no parcel. I asked the neighbours.');
	await until('the queue', () => customer.frame.getByText(/in line/).count());
	await agent.openFirst();
	await agentPage.waitForTimeout(600);
	await agentPage.screenshot({ path: `${folder}/console.png` });
} finally {
	for (const fn of cleanups.reverse()) await fn();
}
