// What tsc must take and must not of frontdesk.d.ts. It is checked with the rest ("npm run check") and never run.

import '../frontdesk';

export async function taken(): Promise<void> {
	await Frontdesk('open');
	await Frontdesk('identify', { jwt: 'x' });
	await Frontdesk('identify', { token: async () => 'x' });
	await Frontdesk('identify', { token: () => 'x' });
	await Frontdesk('identify', { user_id: '7', user_hash: 'ab', email: 'a@example.com' });
	const kept: boolean = await Frontdesk('context', { plan: 'gold', seats: 3, trial: false, old: null });
	await Frontdesk('event', 'bought', { total: 9.5, kept });
	await Frontdesk('message', 'Hello', { send: false });
	await Frontdesk('on', 'unread', (n) => n.toFixed());
	await Frontdesk('on', 'open', () => {});
	const spoken: string = await Frontdesk('locale', 'de');
	await Frontdesk('article', spoken);
	await Frontdesk('theme', 'auto');
	addEventListener('frontdesk:unread', (e) => e.detail.toFixed());
}

export async function refused(): Promise<void> {
	// @ts-expect-error there is no such method
	await Frontdesk('opne');
	// @ts-expect-error nobody is named
	await Frontdesk('identify', {});
	// @ts-expect-error a name without a hash
	await Frontdesk('identify', { user_id: '7' });
	// @ts-expect-error no lists
	await Frontdesk('context', { tags: ['a'] });
	// @ts-expect-error no such event
	await Frontdesk('on', 'message', () => {});
	// @ts-expect-error a number, not a string
	await Frontdesk('on', 'unread', (n: string) => n);
	// @ts-expect-error no such theme
	await Frontdesk('theme', 'blue');
	// @ts-expect-error words are missing
	await Frontdesk('message');
}
