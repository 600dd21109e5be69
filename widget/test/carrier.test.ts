// Which way a connection takes: websockets, and where those break a stream, then polls; and back.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Carrier } from '../src/core/carrier';
import type { Client } from '../src/core/client';
import { Box } from '../src/core/storage';
import { clientOf } from './client';
import { FakeServer, type FakeSocket } from './fake-server';

let server: FakeServer;
/** What a proxy does: websockets end as soon as they begin, or are never answered; streams are held back. */
let proxy: { websockets: 'through' | 'end' | 'swallow'; streams: boolean };
/** The ways that were tried, in order. */
let tried: string[];
let client: Client;

beforeEach(async () => {
	await import('../src/panes/site'); // so that no timer has to wait for the disk
	vi.useFakeTimers();
	sessionStorage.clear();
	localStorage.clear();
	server = new FakeServer();
	proxy = { websockets: 'through', streams: true };
	tried = [];
	vi.stubGlobal('fetch', async (address: string, init: RequestInit) => {
		if (address !== '/v1/frames' && !new Headers(init.headers).has('Authorization')) tried.push(address);
		if (address === '/v1/stream' && !proxy.streams)
			await new Promise((_, no) => init.signal?.addEventListener('abort', no));
		return server.fetch(address, init);
	});
});

afterEach(() => {
	client.connection.stop();
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

function websocket(): FakeSocket {
	tried.push('websocket');
	const socket = server.socket();
	if (proxy.websockets === 'end') setTimeout(() => socket.drop(1006));
	if (proxy.websockets !== 'through') vi.spyOn(socket, 'opened').mockImplementation(() => {});
	return socket;
}

/** A tab; what the one before it remembered is there. */
function load(): Client {
	const carrier = new Carrier(new Box('tab:', () => sessionStorage), websocket);
	client = clientOf(server, { socket: () => carrier.open() });
	client.connection.start();
	return client;
}

/** Lets time pass, and what the module loader does beside it. */
async function wait(ms: number) {
	for (let i = 0; i < 5; i++) await vi.advanceTimersByTimeAsync(1);
	await vi.advanceTimersByTimeAsync(ms);
}

const way = () => new Box('tab:', () => sessionStorage).get<[number, number]>('way')?.[0];

test('one attempt that fails is bad luck; after two in a row a stream is tried, and remembered for the tab', async () => {
	proxy.websockets = 'end';
	load();
	await wait(5_000);
	expect(tried).toEqual(['websocket', 'websocket', '/v1/stream']);
	expect(client.connection.phase).toBe('up');
	client.send('Hello');
	await wait(100);
	expect(client.log.entries.map((e) => e.text)).toEqual(['Hello']);
	client.connection.stop();
	load();
	await wait(5_000);
	expect(tried.slice(3)).toEqual(['/v1/stream']);
});

test('an attempt that is swallowed counts twice', async () => {
	proxy.websockets = 'swallow';
	load();
	await wait(15_000);
	expect(tried).toEqual(['websocket', '/v1/stream']);
	expect(client.connection.phase).toBe('up');
});

test('a stream that is held back is followed by polls, and polls that fail by websockets again', async () => {
	Object.assign(proxy, { websockets: 'end', streams: false });
	load();
	await wait(40_000);
	expect(tried).toEqual(['websocket', 'websocket', '/v1/stream', '/v1/poll']);
	expect(client.connection.phase).toBe('up');
	client.send('Hello');
	await wait(1_000);
	expect(client.log.entries.map((e) => e.text)).toEqual(['Hello']);
	vi.stubGlobal('fetch', async (address: string) => {
		tried.push(address);
		throw new TypeError('no network');
	});
	server.last.drop();
	proxy.websockets = 'through';
	await wait(20_000);
	expect(tried.at(-1)).toBe('websocket');
	expect(client.connection.phase).toBe('up');
	expect(way()).toBeUndefined();
});

test('what came forgives what failed before: two that failed long ago do not change the way', async () => {
	load();
	await wait(100);
	for (let i = 0; i < 4; i++) {
		proxy.websockets = 'end';
		server.last.drop();
		await wait(300); // one that fails
		proxy.websockets = 'through';
		await wait(30_000);
		expect(client.connection.phase).toBe('up');
	}
	expect(new Set(tried)).toEqual(new Set(['websocket']));
});

test.each([
	['', 0],
	[', though the clock went back years', -3 * 365 * 86_400_000],
])('after ten minutes on another way the next connection is a websocket again%s', async (_, jump) => {
	proxy.websockets = 'end';
	load();
	await wait(5_000);
	proxy.websockets = 'through'; // the laptop left the company
	await wait(9 * 60_000);
	server.last.drop();
	await wait(5_000);
	expect(tried.at(-1)).toBe('/v1/stream');
	if (jump) vi.setSystemTime(Date.now() + jump);
	else await wait(60_000);
	server.last.drop();
	await wait(5_000);
	expect(tried.at(-1)).toBe('websocket');
	expect(client.connection.phase).toBe('up');
	expect(way()).toBeUndefined();
	client.send('On a socket');
	await wait(100);
	expect(client.log.entries.at(-1)?.text).toBe('On a socket');
});

test('a clock that goes back holds up no polls', async () => {
	Object.assign(proxy, { websockets: 'end', streams: false });
	load();
	await wait(40_000);
	expect(tried.at(-1)).toBe('/v1/poll');
	client.send('Before');
	await wait(1_000);
	vi.setSystemTime(Date.now() - 3_600_000);
	for (const text of ['one', 'two', 'three']) {
		client.send(text);
		await wait(2_000);
	}
	expect(client.log.entries.map((e) => e.text)).toEqual(['Before', 'one', 'two', 'three']);
});
