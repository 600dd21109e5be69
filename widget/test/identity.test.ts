// Who the page says that its customer is, for longer than one of its tokens lasts.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Client } from '../src/core/client';
import { Identity } from '../src/ui/site/identity';
import { clientOf } from './client';
import { FakeServer } from './fake-server';

const life = 120_000;

let server: FakeServer;
let client: Client;
/** The server's clock; nobody sets it. */
const now = () => begun + performance.now();
let begun = 0;
/** When the connections' words end, by the server's clock, the last one's at the end. */
let until: number[];
let refused: number;
let startOver: ReturnType<typeof vi.fn<() => never>>;

/** A token of the page's backend. */
const token = (sub = 'u7', ms = life) => `x.${btoa(JSON.stringify({ sub, exp: now() + ms }))}.x`;

beforeEach(() => {
	vi.useFakeTimers();
	begun = Date.now() - performance.now();
	localStorage.clear();
	server = new FakeServer();
	until = [];
	refused = 0;
	vi.spyOn(console, 'warn').mockImplementation(() => {});
	startOver = vi.fn(() => {
		client.connection.stop();
		throw new Error('begun anew');
	});
	vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
		const { visitor_token, user_jwt } = JSON.parse(String(init.body));
		let left: number | undefined;
		if (user_jwt !== undefined) {
			const { exp } = claims(user_jwt);
			if (!(exp > now())) {
				refused++;
				return Response.json({ detail: 'The token has expired.' }, { status: 401 });
			}
			until.push(exp);
			left = Math.floor((exp - now()) / 1000);
		}
		return Response.json({ ...(await server.session(visitor_token)), left });
	});
	client = clientOf(server, {
		session: (visitor_token) =>
			(client.sign ?? ((of) => fetch('', { body: JSON.stringify(of) }).then((a) => a.json())))({
				inbox: 'x',
				visitor_token,
			}),
	});
});

afterEach(() => {
	client.connection.stop();
	vi.useRealTimers();
	vi.unstubAllGlobals();
	vi.restoreAllMocks();
});

function claims(jwt: string): { exp: number } {
	try {
		return JSON.parse(atob(jwt.split('.')[1] ?? ''));
	} catch {
		return { exp: 0 };
	}
}

/** Lets time pass second by second; the server closes a connection whose word has ended. */
async function wait(seconds: number) {
	for (let i = 0; i < seconds; i++) {
		await vi.advanceTimersByTimeAsync(1_000);
		const end = until.at(-1);
		if (end && now() > end && server.last.readyState === 1) server.last.drop(4001);
	}
}

async function identified(give: () => Promise<unknown>) {
	const asked = vi.fn(give);
	const identity = new Identity(client, asked, startOver);
	const done = identity.identify({ token: true });
	await wait(1);
	await done;
	return asked;
}

const texts = () => client.log.entries.map((e) => e.text);

/** Says a word a second, and looks that each stands in both lists. */
async function talk(seconds: number) {
	const said = [];
	for (let i = 0; i < seconds; i++) {
		client.send(`word ${i}`);
		said.push(`word ${i}`);
		await wait(1);
	}
	await wait(5);
	expect(texts()).toEqual(said);
	expect(server.logs.get(client.current)?.map((e) => e.text)).toEqual(said);
}

test('a token is renewed before it ends, again and again, and no word is lost or late', async () => {
	const asked = await identified(async () => token());
	let closed = 0;
	vi.spyOn(server, 'socket').mockImplementation(() => {
		const socket = FakeServer.prototype.socket.call(server);
		const end = socket.drop;
		socket.drop = (code) => {
			closed++;
			end.call(socket, code);
		};
		return socket;
	});
	await talk(600);
	expect(closed, 'no connection reached the end of its token').toBe(0);
	expect(asked.mock.calls.length).toBeGreaterThanOrEqual(9);
	expect(asked.mock.calls.length).toBeLessThanOrEqual(11);
	expect(startOver).not.toHaveBeenCalled();
});

test('while the page takes its time for the next token, the connection stands', async () => {
	let slow = 0;
	await identified(async () => {
		await new Promise((go) => setTimeout(go, slow));
		return token();
	});
	slow = 12_000;
	await wait(61); // the callback has been asked
	const sockets = server.sockets.length;
	client.send('Meanwhile');
	await wait(1);
	expect(texts()).toEqual(['Meanwhile']);
	expect(server.sockets).toHaveLength(sockets);
	await wait(15);
	expect(server.sockets).toHaveLength(sockets + 1);
	expect(client.connection.phase).toBe('up');
});

test.each<[string, () => Promise<unknown>]>([
	['rejects', () => Promise.reject(new Error('offline'))],
	['gives the page of an error', async () => '<html>502 Bad Gateway</html>'],
	['gives nothing', async () => undefined],
])('a callback that %s is asked again, and nobody is signed out for it', async (_, broken) => {
	let give: () => Promise<unknown> = async () => token();
	const asked = await identified(() => give());
	give = broken;
	await wait(100);
	expect(asked.mock.calls.length).toBeGreaterThan(5);
	client.send('Still me');
	await wait(1);
	expect(texts()).toEqual(['Still me']);
	give = async () => token();
	await wait(100);
	expect(client.connection.phase).toBe('up');
	expect(texts()).toEqual(['Still me']);
	expect(startOver).not.toHaveBeenCalled();
});

test('a callback that rejects past the end of the token: the words wait, and go out when it gives one', async () => {
	let give = async () => token();
	await identified(() => give());
	client.send('Before');
	await wait(1);
	give = () => Promise.reject(new Error('offline'));
	await wait(130);
	expect(client.connection.phase).not.toBe('up');
	client.send('After');
	give = async () => token();
	await wait(60);
	expect(client.connection.phase).toBe('up');
	expect(texts()).toEqual(['Before', 'After']);
	expect(startOver).not.toHaveBeenCalled();
});

test('a callback that never gives a token is not waited for: identify rejects with its words, and nobody is signed in', async () => {
	const asked = vi.fn(() => Promise.reject(new Error('offline')));
	const identity = new Identity(client, asked, startOver);
	const done = identity.identify({ token: true });
	const said = expect(done).rejects.toThrow('offline');
	await wait(15);
	await said;
	expect(asked).toHaveBeenCalledTimes(5);
	expect(client.connection.phase).toBe('up');
	expect(until).toEqual([]);
	expect(startOver).not.toHaveBeenCalled();
});

test('close 4001 with words on their way: a session of a new token, each word once', async () => {
	const asked = await identified(async () => token());
	client.send('one');
	client.send('two');
	server.last.drop(4001);
	client.send('three');
	await wait(2);
	expect(asked).toHaveBeenCalledTimes(2);
	expect(texts()).toEqual(['one', 'two', 'three']);
});

test('a token that names another customer begins anew, and is not said to be the first', async () => {
	let sub = 'u7';
	await identified(async () => token(sub));
	sub = 'u8';
	await wait(61);
	expect(startOver).toHaveBeenCalled();
	expect(new Set(until).size).toBe(1);
});

test('a token that the server refuses is asked for once more; then what was said in that name is gone', async () => {
	await identified(async () => token());
	const ended = token('u7', -1000);
	const identity = new Identity(client, async () => ended, startOver);
	await expect(Promise.all([identity.identify({ token: true }), wait(1)])).rejects.toThrow('expired');
	expect(refused).toBe(2);
});

test.each([30, -30])('a clock that is %i years wrong changes nothing', async (years) => {
	vi.setSystemTime(Date.now() + years * 365 * 86_400_000);
	const asked = await identified(async () => token());
	await wait(300);
	expect(asked.mock.calls.length).toBeGreaterThanOrEqual(5);
	expect(asked.mock.calls.length).toBeLessThanOrEqual(7);
	expect(client.connection.phase).toBe('up');
});
