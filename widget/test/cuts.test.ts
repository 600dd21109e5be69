// The heart of the promise: wherever the line is cut, whatever carries the connection, both sides end with the same list.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Client } from '../src/core/client';
import { Box } from '../src/core/storage';
import { open } from '../src/core/stream/line';
import { clientOf } from './client';
import { FakeServer } from './fake-server';
import { ana, system } from './fixtures';

let server: FakeServer;

beforeEach(() => {
	vi.useFakeTimers();
	localStorage.clear();
	server = new FakeServer();
	server.echo = true;
	vi.stubGlobal('fetch', (address: string, init: RequestInit) => server.fetch(address, init));
});

afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const ways = ['socket', 'stream', 'poll'];

function load(way: string, random = () => 0.5): Client {
	const box = new Box('tab:', () => localStorage);
	return clientOf(server, {
		socket: async () => {
			if (way === 'socket') return server.socket();
			box.set('way', [ways.indexOf(way), Date.now()]); // as long as the test, whatever fails
			return open({ box, misses: 0, websocket: () => server.socket() } as never);
		},
		random,
	});
}

/** A conversation of count messages, each echoed; both sides must have the same in the end. */
async function talk(way: string, count: number, pause: () => number, random?: () => number): Promise<void> {
	const c = load(way, random);
	c.connection.start();
	const said = Array.from({ length: count }, (_, i) => `message ${i}`);
	for (const text of said) {
		c.send(text);
		await wait(pause());
	}
	for (let i = 0; i < 60 && (c.outbox.items.length || c.log.seq < 2 * count); i++) await wait(30_000);
	expect(c.outbox.items).toEqual([]);
	expect(c.log.entries).toEqual(server.logs.get(c.current));
	expect(c.log.entries.map((e) => e.seq)).toEqual(c.log.entries.map((_, i) => i + 1));
	const texts = (mine: boolean) =>
		c.log.entries.filter((e) => (e.from.kind === 'customer') === mine).map((e) => e.text);
	expect(texts(true)).toEqual(said);
	expect(texts(false).sort()).toEqual([...said].sort());
	c.connection.stop();
}

describe.each(ways)('over a %s', (way) => {
	test('cut once, after each frame of a conversation in turn', async () => {
		await talk(way, 4, () => 700);
		const { passed } = server;
		expect(passed.in).toBeGreaterThanOrEqual(5); // four messages, one sync
		expect(passed.out).toBeGreaterThanOrEqual(13); // welcome, four acks, eight entries
		for (const direction of ['in', 'out'] as const) {
			for (let at = 1; at <= passed[direction]; at++) {
				server = new FakeServer();
				server.echo = true;
				server.cutAt = { [direction]: at };
				localStorage.clear();
				await talk(way, 4, () => 700);
				expect(server.cuts, `cut ${direction} ${at}`).toBe(1);
			}
		}
	});

	test('cut once, after each frame of a conversation that a person takes over and the customer ends', async () => {
		const takeover = async () => {
			const c = load(way);
			c.connection.start();
			const said = ['one', 'two', 'three', 'four'];
			const moves: (() => unknown)[] = [
				() => c.askPerson(),
				() => {},
				() => {
					const change = { from: 'queue', to: 'agent', status: 'open', epoch: 3, name: 'Ana' } as const;
					server.append(c.current, { client_id: 'taken', kind: 'owner', from: system, change });
				},
				() => server.append(c.current, { client_id: 'hers', from: ana, text: 'I have it' }),
			];
			for (const [i, text] of said.entries()) {
				c.send(text);
				await wait(700);
				moves[i]?.();
				await wait(700);
			}
			c.act('end', {});
			await wait(700);
			const whole = () => !c.outbox.next && c.log.seq === server.logs.get(c.current)?.length;
			for (let i = 0; i < 60 && !whole(); i++) await wait(30_000);
			expect(c.log.entries).toEqual(server.logs.get(c.current));
			expect(c.log.entries.filter((e) => e.from.kind === 'customer').map((e) => e.text)).toEqual([...said, undefined]);
			expect(c.log.entries.filter((e) => e.from.kind === 'agent').map((e) => e.text)).toEqual(['I have it']);
			expect(c.log.entries.at(-1)?.change?.status).toBe('closed');
			expect(c.state).toEqual({ owner: 'bot', epoch: 9, atBot: false });
			c.connection.stop();
		};
		await takeover();
		const { passed } = server;
		for (const direction of ['in', 'out'] as const) {
			for (let at = 1; at <= passed[direction]; at++) {
				server = new FakeServer();
				server.echo = true;
				server.cutAt = { [direction]: at };
				localStorage.clear();
				await takeover();
				expect(server.cuts, `cut ${direction} ${at}`).toBe(1);
			}
		}
	});

	test('cut again and again, at random', async () => {
		for (let seed = 1; seed <= 12; seed++) {
			// mulberry32: small and the same everywhere
			let state = seed;
			const random = () => {
				state = (state + 0x6d2b79f5) | 0;
				let x = Math.imul(state ^ (state >>> 15), 1 | state);
				x ^= x + Math.imul(x ^ (x >>> 7), 61 | x);
				return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
			};
			server = new FakeServer();
			server.echo = true;
			localStorage.clear();
			const cut = () => 2 + Math.floor(random() * 6);
			server.cutAfter = {
				get in() {
					return random() < 0.1 ? 1 : undefined;
				},
				out: cut(),
			} as typeof server.cutAfter;
			await talk(way, 8, () => random() * 3_000, random);
			expect(server.cuts, `seed ${seed}`).toBeGreaterThan(0);
		}
	});
});

test('what a poll brings in many frames is one answer, and a typed end is heard', async () => {
	const c = load('poll');
	c.connection.start();
	await wait(10);
	expect(c.connection.phase).toBe('up');
	server.last.drop(4509);
	await wait(300);
	expect(c.connection).toMatchObject({ phase: 'stopped', why: 4509 });
});
