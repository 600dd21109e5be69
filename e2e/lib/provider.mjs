// A real OpenID provider (npm oidc-provider) on a free port of this machine,
// with people of its own.
import { Provider } from 'oidc-provider';

/**
 * Starts one that knows the Frontdesk at base. people are claims by the name that is typed in its sign-in form. Gives
 * what Frontdesk is to be told.
 */
export async function provider(t, port, base, people) {
	const issuer = `http://127.0.0.1:${port}`;
	const client = { client_id: 'frontdesk', client_secret: 'a secret of this test, long enough' };
	const server = await new Promise((resolve) => {
		const idp = new Provider(issuer, {
			clients: [{ ...client, redirect_uris: [`${base}/api/v1/sso/callback`] }],
			cookies: { keys: ['of this test'] },
			pkce: { required: () => true },
			claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
			findAccount: (_, id) => people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
			clientBasedCORS: () => false,
		});
		const listening = idp.listen(port, '127.0.0.1', () => resolve(listening));
	});
	t.after(() => server.close());
	return { FRONTDESK_OIDC_ISSUER: issuer, FRONTDESK_OIDC_CLIENT_ID: client.client_id, FRONTDESK_OIDC_CLIENT_SECRET: client.client_secret };
}

/** Signs in on the provider's own pages, which ask for a name and then for consent. */
export async function signInThere(page, name) {
	await page.getByPlaceholder('Enter any login').fill(name);
	await page.getByPlaceholder('and password').fill('any');
	await page.getByRole('button', { name: 'Sign-in' }).click();
	await page.getByRole('button', { name: 'Continue' }).click();
}
