// The inbox as a list: a long one that is scrolled to its end, filters in the
// address, tags, and the search over all conversations, by keyboard too.
import assert from 'node:assert/strict';
import test from 'node:test';
import { clean, findings } from './lib/axe.mjs';
import { browser, newPage } from './lib/browser.mjs';
import { Console } from './lib/console.mjs';
import { Server, cli, freePort, temporaryFolder, until } from './lib/product.mjs';

const many = 600;
const owner = { name: 'Mira Falk', email: 'mira@example.com', password: 'a long password' };

test('the inbox as a list', async (t) => {
	const data = temporaryFolder(t);
	const seeded = await cli(['admin', 'seed', String(many), '--data', data]);
	assert.equal(seeded.code, 0, seeded.stderr);
	const [port, admin] = [await freePort(), await freePort()];
	const base = `http://127.0.0.1:${port}`;
	const server = new Server(t, ['serve', '--data', data, '--listen', `127.0.0.1:${port}`, '--admin-listen', `127.0.0.1:${admin}`, '--log-level', 'warn']);
	await server.start();
	const b = await browser(t);
	const page = await newPage(b, { reducedMotion: 'reduce', viewport: { width: 1440, height: 900 } });
	await new Console(page, base).setUp(base + server.out.match(/http:\/\/[^/]+(\/console\/setup#token=\S+)/)[1], owner);
	const list = (name) => page.getByRole('list', { name, exact: true });
	const rows = () => page.locator('.lst-rows li');
	const cleanPage = (what) => clean(page, page.mainFrame(), what);

	await t.test('a long list is scrolled to its end, and drawn in part', async () => {
		await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Closed' }).click();
		await list('Closed').getByRole('link').first().waitFor();
		const closed = many - many / 10;
		await until('the last row', async () => {
			await page.locator('.lst-rows').evaluate((box) => box.scrollTo(0, box.scrollHeight));
			return (await rows().last().getAttribute('aria-setsize')) === String(closed)
				&& (await rows().last().getAttribute('aria-posinset')) === String(closed);
		}, 30_000);
		assert.ok((await rows().count()) < 60, 'only what is in sight is drawn');
		// Back from a conversation, and from another view, the list is where it was.
		const place = () => page.locator('.lst-rows').evaluate((box) => box.scrollTop);
		// The rows that were drawn are measured, which shifts the end; five pictures without that, and it is over.
		const left = await page.locator('.lst-rows').evaluate(async (box) => {
			for (let still = 0, at = box.scrollTop; still < 5; still = at === (at = box.scrollTop) ? still + 1 : 0)
				for (let i = 0; i < 3; i++) await new Promise((drawn) => requestAnimationFrame(drawn));
			return box.scrollTop;
		});
		await rows().last().getByRole('link').click();
		await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Queue' }).click();
		await list('Queue').getByRole('link').first().waitFor();
		await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Closed' }).click();
		await until('the place', async () => Math.abs((await place()) - left) < 100);
	});

	await t.test('J goes on where rows have not been loaded', async () => {
		await page.goto(`${base}/console/inbox/all`);
		await list('All').getByRole('link').first().waitFor();
		for (let i = 0; i < 55; i++) await page.keyboard.press('j');
		await until('row 55', async () => (await page.locator('.lst-rows li:has([aria-current])').getAttribute('aria-posinset')) === '55', 20_000);
		// Held down on a machine that never catches up: one step after the other, and time for nothing between.
		const place = () => page.locator('.lst-rows li:has([aria-current])').getAttribute('aria-posinset');
		for (const [key, there] of [['k', (row) => row === 1], ['j', (row) => row > 50]]) {
			await page.evaluate(async (key) => {
				for (let step = 0; step < 60; step++) {
					document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
					for (let i = 0; i < 50; i++) await Promise.resolve();
				}
			}, key);
			await until(`the place after ${key}`, async () => there(Number(await place())));
		}
		assert.deepEqual(page.faults, []);
	});

	await t.test('filters stand in the address', async () => {
		await page.goto(`${base}/console/inbox/all`);
		await page.getByRole('button', { name: 'Filters and order' }).click();
		await cleanPage('filters');
		await page.getByRole('button', { name: /Language$/ }).click();
		await page.getByRole('option', { name: 'German' }).click();
		await page.getByRole('button', { name: 'Done' }).click();
		await page.waitForURL(/language=de/);
		await until('fewer rows', async () => (await rows().count()) > 0 && (await page.getByText('Language: German').count()) === 1);
		await page.reload();
		await page.getByText('Language: German').waitFor();
		await page.getByRole('button', { name: /Drop the filter/ }).click();
		await page.waitForURL((url) => !url.search);
		await page.goBack();
		await page.getByText('Language: German').waitFor();
	});

	await t.test('a narrowed list is saved under a name, opened by V, renamed and removed', async () => {
		const tabs = page.getByRole('navigation', { name: 'Views' });
		const menu = page.getByRole('menu');
		const dialog = page.getByRole('dialog');
		await tabs.getByRole('button', { name: 'Saved' }).click();
		await menu.getByRole('menuitem', { name: 'Save this list' }).click();
		await dialog.getByRole('textbox', { name: 'Name' }).fill('German speakers');
		assert.deepEqual(await findings(page.mainFrame()), []);
		await dialog.getByRole('button', { name: 'Save' }).click();
		await tabs.getByRole('button', { name: 'German speakers' }).and(page.locator('[aria-current]')).waitFor();
		await tabs.getByRole('link', { name: 'Queue' }).click();
		await page.getByText('Language: German').waitFor({ state: 'detached' });
		await page.keyboard.press('v');
		await menu.waitFor();
		assert.deepEqual(await findings(page.mainFrame()), []);
		await until('the first to have the focus', () => menu.getByRole('menuitemradio').first().evaluate((item) => item === document.activeElement));
		await page.keyboard.press('Enter');
		await page.waitForURL(/inbox\/all\?language=de/);
		await page.getByText('Language: German').waitFor();
		await menu.waitFor({ state: 'detached' }); // while it goes it takes the key
		await page.keyboard.press('v');
		await menu.getByRole('menuitem', { name: 'Change “German speakers”' }).click();
		await dialog.getByRole('textbox', { name: 'Name' }).fill('Auf Deutsch');
		await dialog.getByRole('checkbox', { name: 'For the whole team' }).check();
		await dialog.getByRole('button', { name: 'Save' }).click();
		await tabs.getByRole('button', { name: 'Auf Deutsch' }).click();
		await menu.getByText('The team’s').waitFor();
		await menu.getByRole('menuitem', { name: 'Change “Auf Deutsch”' }).click();
		await dialog.getByRole('button', { name: 'Remove' }).click();
		await tabs.getByRole('button', { name: 'Saved' }).waitFor();
	});

	await t.test('tags are given by L and stand in the row', async () => {
		await page.goto(`${base}/console/inbox/queue`);
		await list('Queue').getByRole('link').first().click();
		await page.getByRole('complementary', { name: /Customer/ }).getByText('Tags').waitFor();
		await page.keyboard.press('l');
		await until('the field to have the focus', () => page.evaluate(() => document.activeElement?.tagName === 'INPUT'));
		await page.keyboard.type('Broken lid');
		await page.keyboard.press('Enter');
		await list('Queue').getByText('Broken lid').waitFor();
		await cleanPage('tags');
		await page.getByRole('button', { name: 'Take off the tag Broken lid' }).click();
		await list('Queue').getByText('Broken lid').waitFor({ state: 'detached' });
	});

	await t.test('a search finds words anywhere and opens the entry', async () => {
		await page.keyboard.press('Escape');
		await page.locator('.lst h1').click();
		await page.keyboard.press('f'); // the key / is the open conversation's
		await until('the field to have the focus', () => page.getByRole('searchbox').evaluate((field) => field === document.activeElement));
		await page.keyboard.type('KK-00123');
		await list('Conversations found').getByRole('link').first().waitFor();
		await until('the one conversation', async () => (await rows().count()) === 1); // the words so far found more
		assert.deepEqual(await page.locator('.hit mark').allTextContents(), ['KK', '00123']);
		await cleanPage('results');
		await page.getByRole('searchbox').press('ArrowDown');
		await page.keyboard.press('Enter');
		await page.waitForURL(/at=public-1/);
		await page.locator('.log-lines > .found').getByText('order KK-00123').waitFor();
		await page.getByRole('searchbox').fill('lost in translation');
		await page.getByText('Nothing found').waitFor();
		await page.getByRole('searchbox').press('Escape');
		await page.getByRole('navigation', { name: 'Views' }).waitFor();
	});
	assert.deepEqual(page.faults, []);
});
