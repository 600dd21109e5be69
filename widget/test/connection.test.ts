import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Connection, type Host } from '../src/core/connection';
import { FakeServer } from './fake-server';

let server: FakeServer;
let random = 1;
let connection: Connection;

beforeEach(() => {
	vi.useFakeTimers();
	random = 1;
	server = new FakeServer();
	const host: Host = {
		session: () => server.session(undefined),
		socket: async () => server.socket(),
		hello: () => ({ locale: 'en', page: {}, follow: [] }),
		frame: () => {},
		changed: () => {},
		forget: () => {},
		random: () => random,
	};
	connection = new Connection(host);
});

afterEach(() => vi.useRealTimers());

/** Milliseconds from a loss, or a failed attempt, to the next one. */
async function untilNext(): Promise<number> {
	const before = server.sessions.length;
	for (let ms = 0; ; ms += 50) {
		await vi.advanceTimersByTimeAsync(ms ? 50 : 0);
		if (server.sessions.length > before) return ms;
	}
}

test('attempts that fail: the ceiling doubles from 0.5 s to 30 s and stays there', async () => {
	server.sessionFails = () => new Error('no network');
	connection.start();
	await vi.advanceTimersByTimeAsync(0);
	const waits: number[] = [];
	for (let i = 0; i < 9; i++) waits.push(await untilNext());
	expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
	connection.wake();
	await vi.advanceTimersByTimeAsync(0);
	connection.wake(); // at once, and from the beginning
	await vi.advanceTimersByTimeAsync(0);
	expect(await untilNext()).toBe(500);
});

test('full jitter: any part of the ceiling', async () => {
	connection.start();
	await vi.advanceTimersByTimeAsync(0);
	random = 0.5;
	server.last.drop();
	expect(await untilNext()).toBe(250);
	random = 0;
	server.last.drop();
	expect(await untilNext()).toBe(0);
});

test('only a connection that held for 10 s starts it over', async () => {
	connection.start();
	for (const [held, wait] of [
		[9_000, 500],
		[9_000, 1000],
		[9_900, 2000],
		[10_000, 500],
		[100, 1000],
	] as const) {
		await vi.advanceTimersByTimeAsync(held);
		expect(connection.phase).toBe('up');
		server.last.drop();
		expect(await untilNext()).toBe(wait);
	}
});
