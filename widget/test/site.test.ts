import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Client } from '../src/core/client';
import { Tracking } from '../src/ui/site/tracking';
import { named, subject } from '../src/ui/site/who';

/** A client whose connection is up, with what was sent. */
function client(privacy: { page_views?: boolean; consent?: boolean }) {
	const kept = new Map<string, unknown>();
	const sent: { t: string; id: string; d: unknown }[] = [];
	const c = {
		face: { privacy },
		box: { get: (k: string) => kept.get(k), set: (k: string, v: unknown) => void kept.set(k, v) },
		connection: { phase: 'up', send: (f: never) => void sent.push(f) },
		page: { url: 'https://shop.example/m2', title: 'M2' },
		conversations: [] as { status: string }[],
		current: '',
		log: { seq: 0, entries: [] },
	};
	return { c, sent, tracking: new Tracking(c as unknown as Client) };
}

let track: string | null;
let gpc: boolean;
beforeEach(() => {
	track = null;
	gpc = false;
	vi.stubGlobal('navigator', {
		get doNotTrack() {
			return track;
		},
		get globalPrivacyControl() {
			return gpc;
		},
	});
});
afterEach(() => {
	vi.unstubAllGlobals();
});

test('what the server takes is true, what it does not keep is false, what is wrong is said', async () => {
	const { sent, tracking } = client({});
	const [context, event, wrong] = [tracking.context({ plan: 'gold' }), tracking.event('bought'), tracking.event('')];
	await vi.waitFor(() => expect(sent).toHaveLength(3));
	const id = (i: number) => sent[i]?.id ?? '';
	tracking.heard({ t: 'ack', id: id(0), d: { conversation: '', client_id: '', seq: 0 } });
	tracking.heard({ t: 'error', id: id(1), d: { code: 'forbidden', message: 'no' } });
	tracking.heard({ t: 'error', id: id(2), d: { code: 'invalid', message: 'The name is empty.' } });
	expect(await context).toBe(true);
	expect(await event).toBe(false);
	await expect(wrong).rejects.toThrow('The name is empty.');
});

test('nothing leaves before consent; attributes go with it, events from before do not', async () => {
	const { sent, tracking } = client({ consent: true, page_views: true });
	expect(await tracking.context({ plan: 'gold' })).toBe(false);
	expect(await tracking.event('bought')).toBe(false);
	tracking.serve();
	expect(sent).toEqual([]);
	tracking.consent(true);
	tracking.serve();
	expect(sent.map((f) => f.t).sort()).toEqual(['consent', 'context', 'visit']);
	tracking.consent(false);
	expect(await tracking.event('bought')).toBe(false);
	expect(sent.at(-1)).toMatchObject({ t: 'consent', d: { given: false } });
});

test.each(['Do Not Track', 'Global Privacy Control'])(
	'nothing leaves a browser with %s, whatever was agreed',
	async (signal) => {
		if (signal === 'Do Not Track') track = '1';
		else gpc = true;
		const { sent, tracking } = client({ page_views: true });
		expect(await tracking.consent(true)).toBe(false);
		expect(await tracking.context({ plan: 'gold' })).toBe(false);
		expect(await tracking.event('bought')).toBe(false);
		tracking.serve();
		expect(sent).toEqual([]);
	},
);

test('a page is told once, only where pages are kept, and none once the conversation is over', () => {
	const off = client({});
	off.tracking.serve();
	expect(off.sent).toEqual([]);
	const { c, sent, tracking } = client({ page_views: true });
	tracking.serve();
	tracking.serve();
	expect(sent.map((f) => f.t)).toEqual(['visit']);
	c.page = { url: 'https://shop.example/m3', title: 'M3' };
	c.conversations = [{ status: 'closed' }];
	tracking.serve();
	expect(sent).toHaveLength(1);
	c.conversations = [{ status: 'closed' }, { status: 'open' }];
	tracking.serve();
	expect(sent).toHaveLength(2);
});

test('what was said without a connection waits for it; what may not have arrived is false', async () => {
	const { c, sent, tracking } = client({});
	c.connection.phase = 'waiting';
	const first = tracking.event('one');
	await Promise.resolve();
	expect(sent).toEqual([]);
	c.connection.phase = 'up';
	tracking.serve();
	expect(sent).toHaveLength(1);
	c.connection.phase = 'waiting';
	tracking.serve();
	expect(await first).toBe(false);
});

test('who it is: a token, a callback, a hash, and nobody on a name alone', () => {
	const jwt = `x.${btoa('{"sub":"7"}')}.x`;
	expect(named({ jwt })).toEqual({ user_jwt: jwt });
	expect(named({ token: jwt })).toEqual({ user_jwt: jwt });
	expect(named({ token: true })).toEqual({});
	const user = { id: '7', email: 'a@example.com', name: 'A', hash: 'ab' };
	expect(named({ user_id: '7', email: 'a@example.com', name: 'A', user_hash: 'ab' })).toEqual({ user });
	expect(() => named({ user_id: '7' })).toThrow(/user_hash/);
	expect(() => named({})).toThrow(/jwt/);
	expect(subject({ user_jwt: jwt })).toBe('7');
	expect(subject({ user_jwt: 'nonsense' })).toBe('');
	expect(subject({ user })).toBe('7');
});
