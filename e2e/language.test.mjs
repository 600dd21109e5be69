// The console's languages: the browser's to begin with, another by the menu and at once, and kept; and that it can be
// read from the right. And what the server says to customers: hours, the bot's phrases, the desk's notices, refusals and
// letters, in theirs.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { clean } from './lib/axe.mjs';
import { browser, newPage } from './lib/browser.mjs';
import { Console } from './lib/console.mjs';
import { demo } from './lib/demo.mjs';
import { letters } from './lib/letters.mjs';
import { until } from './lib/product.mjs';
import { Widget } from './lib/widget.mjs';

const still = { reducedMotion: 'reduce' };

/** What is wider than the screen, or cut off without an ellipsis to say so. */
const outside = () => {
	const width = document.documentElement.clientWidth;
	const scrolls = (e) => e && (/auto|scroll/.test(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
	const found = [...document.querySelectorAll('body *')].filter((e) => {
		if (e.closest('.sr, svg, [hidden], [data-live-announcer]') || scrolls(e.parentElement)) return false;
		const box = e.getBoundingClientRect();
		const style = getComputedStyle(e);
		if (box.width <= 1 || style.visibility === 'hidden') return false;
		const cut = e.scrollWidth > e.clientWidth + 1 && style.overflowX === 'hidden' && style.textOverflow !== 'ellipsis';
		return box.left < -1 || box.right > width + 1 || (cut && e.childElementCount === 0);
	});
	return found.map((e) => `${e.tagName}.${e.className}: ${e.textContent.slice(0, 40)}`);
};

/** The words of the widget, and what the server says in them. */
const tables = {
	'de-AT': {
		...JSON.parse(readFileSync(new URL('../widget/src/text/de.json', import.meta.url))),
		asks: 'Ich möchte bitte mit einem Menschen sprechen.',
		handsOver: /Ich hole einen Menschen dazu und gebe weiter, was Sie geschrieben haben\./,
		title: /^Ihr Gespräch mit Kessel & Korn$/m,
		speaker: /^Sie, \d\d:\d\d:$/m,
	},
	'ar-EG': {
		...JSON.parse(readFileSync(new URL('../widget/src/text/ar.json', import.meta.url))),
		asks: 'أريد التحدث إلى شخص من فضلكم',
		handsOver: /سأستدعي أحد الموظفين وأنقل إليه ما ذكرته/,
		title: /^محادثتك مع \u2068Kessel & Korn\u2069$/m,
		speaker: /^أنت, \d\d:\d\d:$/m,
	},
};

/** A sentence with places, as a pattern. */
const pattern = (words) => new RegExp(words.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '.+'));

test('languages', async (t) => {
	const post = await letters(t);
	const d = await demo(t, { FRONTDESK_SMTP_URL: post.url });
	const b = await browser(t);
	const page = await newPage(b, { ...still, locale: 'de-AT' });
	const spoken = () => page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]);
	const c = new Console(page, d.base);
	/** Waits for a menu, until it has taken the focus: it would take it from its lines later. */
	const menuOpen = () => until('focus in the menu', () => page.getByRole('menu').evaluate((menu) => menu.contains(document.activeElement)));

	const shop = await newPage(b, still);
	await shop.goto(d.shop);
	const customer = new Widget(shop);
	await customer.open();
	await customer.say('I would like to talk to a person about an invoice for 12 grinders.');

	for (const [locale, words] of Object.entries(tables))
		await t.test(`nobody is there, said to a customer in ${locale}`, async () => {
			const theirs = await newPage(b, { ...still, locale });
			await theirs.goto(`${d.base}/chat?inbox=${d.tag.match(/data-inbox="([^"]+)"/)[1]}`);
			const w = new Widget(theirs);
			w.frame = theirs.mainFrame();
			w.log = theirs.getByRole('log');
			// Whether it is open depends on the hour; either way it is said in their language.
			const hours = theirs.locator('.hero p');
			await until('the hours', async () => {
				const said = await hours.innerText();
				return pattern(words.until).test(said) || pattern(words.backAt).test(said);
			});
			const box = theirs.getByRole('textbox', { name: words.yourMessage });
			await box.fill(words.asks);
			await box.press('Enter');
			await w.sees(words.handsOver);
			await w.sees(pattern(words.away));
			await w.sees(pattern(words.awayLeave));
			const email = `maria@${locale.toLowerCase()}.example`;
			await theirs.getByLabel(words.email).fill(email);
			await theirs.getByRole('button', { name: words.emailSend }).click();
			await w.sees(words.ourWord);
			await theirs.getByRole('button', { name: words.menu }).click();
			await theirs.getByRole('button', { name: words.mailChat }).click();
			await theirs.getByRole('button', { name: words.mailTo.replace('{email}', email) }).click();
			await w.sees(words.mailed.replace('{email}', email));
			const letter = await until('the letter', () => post.letters.find((l) => l.to === email));
			for (const part of [words.title, words.speaker, pattern(words.away)]) assert.match(letter.text, part);
			assert.match(letter.text, locale === 'ar-EG' ? /<html lang="ar" dir="rtl">/ : /<html lang="de" dir="ltr">/);
			assert.deepEqual(theirs.faults, []);
			await theirs.context().close();
		});

	await t.test('a German browser is spoken to in German', async () => {
		await page.goto(`${d.base}/console/`);
		await page.getByLabel('E-Mail').fill(d.ana.email);
		await page.getByRole('textbox', { name: 'Passwort' }).fill(d.ana.password);
		await page.getByRole('button', { name: 'Anmelden' }).click();
		await page.getByRole('heading', { name: 'Posteingang' }).waitFor();
		assert.deepEqual(await spoken(), ['de', 'ltr']);
		await page.getByRole('list', { name: 'Wartend' }).getByRole('link').first().click();
		await page.getByRole('region', { name: 'Briefing' }).waitFor();
		await clean(page, page.mainFrame(), 'a conversation in German');
	});

	await t.test('no page is too wide for German', async () => {
		const pages = ['inbox/queue', 'inbox/closed', 'knowledge', 'knowledge/new', 'knowledge/import', 'insight', 'team'];
		const settings = ['settings', 'settings/voice', 'settings/voice/prompts', 'settings/models', 'settings/mail', 'settings/actions'];
		const was = page.viewportSize();
		for (const width of [360, 1440]) {
			await page.setViewportSize({ width, height: 800 });
			for (const path of [...pages, ...settings]) {
				await page.goto(`${d.base}/console/${path}`);
				await page.getByRole('main').first().waitFor();
				await until(`${path} has come`, async () => (await page.locator('[aria-busy=true], .bone').count()) === 0);
				assert.deepEqual(await page.evaluate(outside), [], `${path} at ${width} px`);
			}
		}
		await page.setViewportSize(was);
	});

	await t.test('another language is chosen with the keyboard, shown at once, and kept', async () => {
		await page.goto(`${d.base}/console/inbox/queue`);
		await page.getByRole('list', { name: 'Wartend' }).waitFor();
		await page.getByRole('button', { name: /Ihr Menü/ }).press('Enter');
		await menuOpen();
		await page.getByRole('menuitemradio', { name: 'English' }).press('Enter');
		await page.getByRole('list', { name: 'Queue' }).waitFor();
		assert.deepEqual(await spoken(), ['en', 'ltr']);
		await until('the title', async () => /Inbox/.test(await page.title()));
		await page.reload();
		await page.getByRole('list', { name: 'Queue' }).waitFor();
		assert.deepEqual(await spoken(), ['en', 'ltr']);
		await page.getByRole('button', { name: /your menu/ }).press('Enter');
		await menuOpen();
		await page.getByRole('menuitemradio', { name: 'As the browser' }).press('Enter');
		await page.getByRole('list', { name: 'Wartend' }).waitFor();
	});

	await t.test('from the right every page keeps its place', async () => {
		const read = await newPage(b, { ...still, viewport: { width: 1440, height: 900 } });
		await new Console(read, d.base).signIn(d.ana);
		await read.getByRole('list', { name: 'Queue' }).getByRole('link').first().click();
		await read.getByRole('region', { name: 'Brief' }).waitFor();
		const sides = () => read.evaluate(() => {
			const at = (s) => document.querySelector(s).getBoundingClientRect();
			return [at('.rail'), at('.lst'), at('.conv'), at('.panel')].map((box) => Math.round(box.left + box.width / 2));
		});
		const before = await sides();
		await read.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'));
		const after = await sides();
		assert.deepEqual(after, before.map((x) => 1440 - x));
		assert.deepEqual(await read.evaluate(outside), []);
		await clean(read, read.mainFrame(), 'a conversation from the right');
		if (process.env.FRONTDESK_SHOTS) await read.screenshot({ path: `${process.env.FRONTDESK_SHOTS}/rtl.png` });
		assert.deepEqual(read.faults, []);
	});

	assert.deepEqual(page.faults, []);
});
