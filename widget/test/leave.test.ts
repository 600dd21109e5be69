// What a browser keeps of a customer who has logged out, in this tab and in another.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Client } from '../src/core/client';
import type { Session } from '../src/protocol';
import type { App } from '../src/ui/App';
import { clientOf } from './client';
import { FakeServer } from './fake-server';

let server: FakeServer;
let client: Client;
let said: unknown[];
let reload: ReturnType<typeof vi.fn<() => void>>;
/** The tab hears of a change of storage. */
let hear: (e: StorageEvent) => void;
let tab: typeof import('../src/ui/around/leave');
/** The answers that sessions wait for. */
let answers: ((of: Partial<Session>) => void)[];

beforeEach(async () => {
	vi.resetModules(); // a tab hears once
	localStorage.clear();
	server = new FakeServer();
	said = [];
	reload = vi.fn();
	answers = [];
	vi.spyOn(location, 'reload').mockImplementation(reload);
	client = clientOf(server, {
		session: () =>
			new Promise((done) => answers.push(async (of) => done({ ...(await server.session(undefined)), ...of }))),
	});
	tab = await import('../src/ui/around/leave');
	const listens = vi.spyOn(window, 'addEventListener');
	tab.heed({ client, inbox: 'x', frame: { say: (m: unknown) => said.push(m) } } as unknown as App);
	hear = listens.mock.calls.find(([name]) => name === 'storage')?.[1] as typeof hear;
	window.removeEventListener('storage', hear as EventListener);
});

afterEach(() => {
	client.connection.stop();
	document.body.hidden = false;
	vi.restoreAllMocks();
});

const kept = () => Object.keys(localStorage);
const asked = (n: number) => vi.waitFor(() => expect(answers).toHaveLength(n));
const settled = () => new Promise((go) => setTimeout(go, 20));

/** A session of u7, and words that wait. */
async function known() {
	client.connection.start();
	await asked(1);
	answers[0]?.({ visitor_token: 'of u7' });
	await vi.waitFor(() => expect(client.connection.phase).toBe('up'));
	client.box.set('words', 'half a secret');
}

/** The other tab: it takes all away, and what says so last. */
function told(change: 'begins' | 'ends') {
	const newValue = change === 'begins' ? '1' : null;
	hear(new StorageEvent('storage', { key: 'frontdesk:x:~out', newValue }));
}

test('a logout takes all away, words on their way too, and the last that goes is what the other tabs hear', async () => {
	client.send('on its way');
	await known();
	const removes = vi.spyOn(client.box, 'remove');
	tab.leave(client);
	expect(removes.mock.lastCall).toEqual(['~out']);
	expect(kept()).toEqual([]);
	expect(client.outbox.items).toEqual([]);
	expect(client.connection.phase).toBe('stopped');
});

test('nothing is kept of what comes after it: a session, words, a message', async () => {
	await known();
	client.connection.drop();
	client.connection.wake();
	await asked(2);
	tab.leave(client);
	answers[1]?.({ visitor_token: 'of u7' });
	client.box.set('words', 'the other half');
	client.send('one more');
	await settled();
	expect(kept()).toEqual([]);
});

test('another tab keeps and shows nothing from when it hears of it, and begins anew when all is gone', async () => {
	await known();
	client.connection.drop();
	client.connection.wake();
	await asked(2);
	localStorage.clear();
	told('begins');
	expect(document.body.hidden).toBe(true);
	answers[1]?.({ visitor_token: 'of u7' });
	await settled();
	expect(kept()).toEqual([]);
	expect(reload).not.toHaveBeenCalled();
	told('ends');
	expect(said).toEqual([{ t: 'done', id: 'who', e: Error('logged out in another tab') }]);
	expect(reload).toHaveBeenCalledTimes(1);
});

test('what a tab wrote before it heard is taken away', async () => {
	await known(); // the other tab had wiped before this
	told('begins');
	told('ends');
	expect(kept()).toEqual([]);
});

test('whoever begins in the other tab stays', async () => {
	await known();
	localStorage.setItem('k:token', '"of u8"');
	told('begins');
	told('ends');
	expect(localStorage.getItem('k:token')).toBe('"of u8"');
});

test('what else happens in storage is no logout', () => {
	hear(new StorageEvent('storage', { key: 'frontdesk:y:~out', newValue: null }));
	hear(new StorageEvent('storage', { key: 'frontdesk:x:words', newValue: '""' }));
	expect(reload).not.toHaveBeenCalled();
	expect(document.body.hidden).toBe(false);
});
