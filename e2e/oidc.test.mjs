// The staff's way in: an invitation, a real identity provider, the own account,
// who may use a password, the audit log, and being shut out.
// FRONTDESK_PICTURES names a folder for pictures of the pages.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import test from 'node:test';
import { clean } from './lib/axe.mjs';
import { browser, newPage } from './lib/browser.mjs';
import { Console } from './lib/console.mjs';
import { provider, signInThere } from './lib/provider.mjs';
import { Server, freePort, temporaryFolder, until } from './lib/product.mjs';

const pictures = process.env.FRONTDESK_PICTURES;
const still = { reducedMotion: 'reduce', viewport: { width: 1440, height: 900 } };
const olga = { name: 'Olga', email: 'olga@shop.example', password: 'correct horse battery' };

test('the staff signs in', async (t) => {
	const [port, there] = [await freePort(), await freePort()];
	const base = `http://127.0.0.1:${port}`;
	const verified = { email_verified: true };
	const people = {
		anna: { email: 'Anna@shop.example', name: 'Anna Berg', ...verified },
		eve: { email: 'olga@shop.example', email_verified: false },
		zoe: { email: 'zoe@other.example', ...verified },
		nils: { email: 'nils@shop.example', ...verified },
	};
	const known = await provider(t, there, base, people);
	const server = await new Server(t, ['serve', '--data', temporaryFolder(t), '--listen', `127.0.0.1:${port}`, '--admin-listen', 'off', '--public-url', base], {
		...known, FRONTDESK_OIDC_LABEL: 'Company account', FRONTDESK_OIDC_DOMAINS: 'shop.example',
	}).start(/setup#token=\S+/);
	const b = await browser(t);
	const pages = [];
	const open = async () => {
		const page = await newPage(b, still);
		pages.push(page);
		return page;
	};
	const look = async (page, what) => {
		await clean(page, page.mainFrame(), what);
		if (!pictures) return;
		mkdirSync(pictures, { recursive: true });
		const was = page.viewportSize();
		for (const width of [360, 1440]) {
			for (const colorScheme of ['light', 'dark']) {
				await page.setViewportSize({ width, height: 900 });
				await page.emulateMedia({ colorScheme });
				await page.waitForTimeout(200);
				await page.screenshot({ path: `${pictures}/${what.replace(/\W+/g, '-')}-${width}-${colorScheme}.png` });
			}
		}
		await page.setViewportSize(was);
		await page.emulateMedia({ colorScheme: 'light' });
	};
	const owner = new Console(await open(), base);
	await owner.setUp(server.out.match(/http\S+setup#token=\S+/)[0], olga);
	const inbox = (page) => page.getByRole('navigation', { name: 'Views' });
	let link;
	let anna;

	await t.test('a person is invited, and chooses a password', async () => {
		await owner.page.goto(`${base}/console/team`);
		await owner.page.getByRole('button', { name: 'Invite a person' }).click();
		const dialog = owner.page.getByRole('dialog', { name: 'Invite a person' });
		await dialog.getByLabel('Name').fill('Anna');
		await dialog.getByLabel('E-mail').fill('anna@shop.example');
		await look(owner.page, 'invite');
		await dialog.getByRole('button', { name: 'Invite', exact: true }).click();
		link = await dialog.getByLabel('Link').inputValue();
		await look(owner.page, 'link');
		await dialog.getByRole('button', { name: 'Done' }).click();
		await dialog.waitFor({ state: 'detached' });
		await owner.page.getByText('invited', { exact: true }).waitFor();
		await look(owner.page, 'team');

		anna = await open();
		await anna.goto(link);
		await anna.getByRole('heading', { name: 'Welcome, Anna' }).waitFor();
		await look(anna, 'join');
		await anna.getByRole('textbox', { name: 'Password' }).fill('a password of hers');
		await anna.getByRole('button', { name: 'Save and sign in' }).click();
		await inbox(anna).waitFor();
		const late = await open();
		await late.goto(link);
		await late.getByRole('heading', { name: 'This link no longer works' }).waitFor();
	});

	await t.test('through the provider, and back to where one wanted to go', async () => {
		const page = await open();
		await page.goto(`${base}/console/team`);
		await page.getByRole('button', { name: 'Company account' }).waitFor();
		await look(page, 'sign-in');
		await page.getByRole('button', { name: 'Company account' }).click();
		await signInThere(page, 'anna');
		await page.getByRole('heading', { name: 'Team', exact: true }).waitFor();
		assert.equal(new URL(page.url()).pathname, '/console/team');
		const me = await page.evaluate(async () => (await fetch('/api/v1/me')).json());
		assert.equal(me.user.email, 'anna@shop.example', 'she is whom the address says');
	});

	for (const [name, words] of Object.entries({
		eve: 'Your provider has not verified your e-mail address',
		zoe: 'Your e-mail address is not of a domain that may sign in here',
		nils: 'You have no account here yet',
	})) {
		await t.test(`not for ${name}`, async () => {
			const page = await open();
			await page.goto(`${base}/console/`);
			await page.getByRole('button', { name: 'Company account' }).click();
			await signInThere(page, name);
			await page.getByRole('alert').getByText(words).waitFor();
			assert.equal(await page.evaluate(async () => (await fetch('/api/v1/me')).status), 401);
			await page.context().close();
			pages.splice(pages.indexOf(page), 1);
		});
	}

	await t.test('the own account says where one is signed in', async () => {
		await anna.goto(`${base}/console/account`);
		await anna.getByRole('heading', { name: 'Signed in on 2 devices' }).waitFor();
		await look(anna, 'account');
		await anna.getByRole('button', { name: 'Sign out everywhere else' }).click();
		await anna.getByRole('heading', { name: 'Signed in on 1 device' }).waitFor();
		await anna.getByLabel('Current password').fill('a password of hers');
		await anna.getByRole('textbox', { name: 'New password' }).fill('another password of hers');
		await anna.getByRole('button', { name: 'Change password' }).click();
		await anna.getByText('Your password is changed.').waitFor();
	});

	await t.test('passwords for owners only', async () => {
		await owner.page.goto(`${base}/console/settings/sign-in`);
		await owner.page.getByText('Answers, and can be used.').waitFor();
		await look(owner.page, 'settings sign-in');
		await owner.page.getByRole('button', { name: /Everybody may use a password/ }).click();
		await owner.page.getByRole('option', { name: 'Only owners may' }).click();
		await until('the rule', async () => (await owner.get('sign-in')).passwords === 'owners');
		const page = await open();
		await page.goto(`${base}/console/`);
		await page.getByRole('button', { name: 'Company account' }).waitFor();
		assert.equal(await page.getByLabel('E-mail').count(), 0);
		await page.getByRole('button', { name: 'Sign in as an owner, with a password' }).click();
		await page.getByLabel('E-mail').fill('anna@shop.example');
		await page.getByRole('textbox', { name: 'Password' }).fill('another password of hers');
		await page.getByRole('button', { name: 'Sign in', exact: true }).click();
		await page.getByRole('alert').getByText('Passwords are switched off here').waitFor();
		await page.getByLabel('E-mail').fill(olga.email);
		await page.getByRole('textbox', { name: 'Password' }).fill(olga.password);
		await page.getByRole('button', { name: 'Sign in', exact: true }).click();
		await inbox(page).waitFor();
	});

	await t.test('who is disabled is out at once', async () => {
		await owner.page.goto(`${base}/console/team`);
		await owner.page.getByRole('button', { name: 'Manage Anna' }).click();
		const dialog = owner.page.getByRole('dialog', { name: 'Manage Anna' });
		await dialog.waitFor();
		await look(owner.page, 'manage');
		await dialog.getByRole('button', { name: 'Disable' }).click();
		await owner.page.getByRole('alertdialog').getByRole('button', { name: 'Disable' }).click();
		await owner.page.getByText('may not sign in').waitFor();
		await anna.getByRole('heading', { name: 'Sign in' }).waitFor();
	});

	await t.test('the audit log has it all, and its filters are in the address', async () => {
		await owner.page.goto(`${base}/console/settings/audit`);
		await owner.page.getByRole('row', { name: /Could not sign in/ }).first().waitFor();
		await look(owner.page, 'audit');
		await owner.page.getByRole('button', { name: /Everything/ }).click();
		await owner.page.getByRole('option', { name: 'Could not sign in' }).click();
		await until('the address', () => new URL(owner.page.url()).searchParams.get('action') === 'signInFailed');
		await owner.page.reload();
		await owner.page.getByRole('row', { name: /Could not sign in/ }).first().waitFor();
		const whys = (await owner.get('audit?action=signInFailed')).data.map((e) => e.detail.why).sort();
		assert.deepEqual(whys, ['domain', 'unknown', 'unverified']);
		const csv = await owner.page.evaluate(async () => (await fetch('/api/v1/audit/export?format=csv')).text());
		assert.match(csv, /^at,actor_kind,/);
		assert.match(csv, /changeUser/);
	});

	assert.deepEqual(pages.flatMap((page) => page.faults), []);
});
