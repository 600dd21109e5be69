// Several tabs of one browser, each with a client of its own, over locks and channels in memory.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Client } from '../src/core/client';
import { Tabs } from '../src/core/tabs';
import { clientOf } from './client';
import { FakeServer } from './fake-server';
import { ana } from './fixtures';

type Granted = (lock: object | null) => Promise<void> | null | undefined;
interface Asked {
	granted: Granted;
	fail: (why: Error) => void;
	done: () => void;
}

/** Web Locks with what tabs need: the first come, who may wait, and who takes it from another. */
class FakeLocks {
	private holders = new Map<string, Asked>();
	private waiting = new Map<string, Asked[]>();

	request(name: string, how: LockOptions, granted: Granted): Promise<void> {
		return new Promise((done, fail) => {
			const asked = { granted, fail, done };
			const holder = this.holders.get(name);
			if (holder && how.steal) {
				this.holders.delete(name);
				holder.fail(new DOMException('stolen', 'AbortError'));
			} else if (holder && how.ifAvailable) {
				void granted(null);
				done();
				return;
			} else if (holder) {
				this.waiting.set(name, [...(this.waiting.get(name) ?? []), asked]);
				return;
			}
			this.grant(name, asked);
		});
	}

	private grant(name: string, asked: Asked): void {
		this.holders.set(name, asked);
		void asked.granted({})?.then(() => {
			asked.done();
			if (this.holders.get(name) !== asked) return;
			this.holders.delete(name);
			const next = this.waiting.get(name)?.shift();
			if (next) this.grant(name, next);
		});
	}

	/** The tab that holds it is gone, without a word. */
	end(name: string): void {
		this.holders.delete(name);
		const next = this.waiting.get(name)?.shift();
		if (next) this.grant(name, next);
	}
}

class FakeChannel {
	static all: FakeChannel[] = [];
	onmessage: ((e: MessageEvent) => void) | null = null;

	constructor(readonly name: string) {
		FakeChannel.all.push(this);
	}

	postMessage(data: unknown): void {
		const text = JSON.stringify(data);
		for (const c of FakeChannel.all)
			if (c !== this && c.name === this.name)
				queueMicrotask(() => c.onmessage?.({ data: JSON.parse(text) } as MessageEvent));
	}

	close(): void {
		this.onmessage = null;
		FakeChannel.all = FakeChannel.all.filter((c) => c !== this);
	}
}

let server: FakeServer;
let locks: FakeLocks;

beforeEach(async () => {
	await import('../src/panes/site'); // so that no timer has to wait for the disk
	vi.useFakeTimers();
	localStorage.clear();
	FakeChannel.all = [];
	server = new FakeServer();
	locks = new FakeLocks();
	vi.stubGlobal('BroadcastChannel', FakeChannel);
	Object.defineProperty(navigator, 'locks', { value: locks, configurable: true });
});

afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
	Reflect.deleteProperty(navigator, 'locks');
});

/** Lets time pass, and what the module loader does beside it. */
async function wait(ms = 0) {
	for (let i = 0; i < 5; i++) await vi.advanceTimersByTimeAsync(1);
	await vi.advanceTimersByTimeAsync(ms);
}

async function tab(customer = 'one'): Promise<Client> {
	const tabs: Tabs = new Tabs(() => client.connection);
	const client: Client = clientOf(server, { socket: () => tabs.open(customer, async () => server.socket()) });
	client.connection.start();
	await wait(50);
	return client;
}

const texts = (c: Client) => c.log.entries.map((e) => e.text);
const alive = () => server.sockets.filter((s) => s.readyState === 1).length;

test('tabs share one connection: each sends, each shows all, each once', async () => {
	const one = await tab();
	one.send('from one');
	await wait();
	const two = await tab();
	expect(two.connection.phase).toBe('up');
	expect(texts(two)).toEqual(['from one']);
	two.send('from two');
	await wait(50);
	one.send('again from one');
	await wait(50);
	for (const c of [one, two]) {
		expect(texts(c)).toEqual(['from one', 'from two', 'again from one']);
		expect(c.pending).toEqual([]);
	}
	expect(server.sockets).toHaveLength(1);
	expect(server.received.filter((f) => f.t === 'send')).toHaveLength(3);
	expect(server.received.every((f) => (f.id ?? '').length <= 64)).toBe(true);
});

test('what comes, what is refused and what was read is in all tabs', async () => {
	const one = await tab();
	one.send('Hello');
	await wait();
	const two = await tab();
	const d = { conversation: one.current, from: ana };
	server.last.tell({ t: 'typing', d });
	await wait();
	expect([one, two].map((c) => c.told.typing?.from.name)).toEqual(['Ana', 'Ana']);
	server.append(one.current, { client_id: 'a1', from: ana, text: 'Hi' });
	await wait();
	expect([one, two].map((c) => c.unread)).toEqual([1, 1]);
	two.read();
	await wait();
	expect([one, two].map((c) => c.unread)).toEqual([0, 0]);
	server.append(one.current, { client_id: 'a2', from: ana, text: 'More' });
	await wait();
	one.read();
	await wait();
	expect([one, two].map((c) => c.unread)).toEqual([0, 0]);
	server.refuse = () => ({ code: 'invalid', message: 'No.' });
	two.send('bad');
	await wait(50);
	expect(two.pending.map((i) => i.failed)).toEqual(['No.']);
	expect(one.pending).toEqual([]);
});

test('the end of the tab that has the connection: the next has one at once, and nothing is lost', async () => {
	const one = await tab();
	one.send('Hello');
	await wait();
	const [two, three] = [await tab(), await tab()];
	server.last.drop = () => {}; // nobody tells
	one.connection.stop();
	two.send('while nobody leads');
	locks.end('one');
	await wait(900);
	expect([two, three].map((c) => c.connection.phase)).toEqual(['up', 'up']);
	await wait(12_000); // what was said into the void is said again
	for (const c of [two, three]) expect(texts(c)).toEqual(['Hello', 'while nobody leads']);
	expect(server.sockets).toHaveLength(2);
});

test('a tab that sleeps with the lock loses it', async () => {
	const one = await tab();
	one.send('Hello');
	await wait();
	for (const c of FakeChannel.all) c.onmessage = null; // it hears nothing
	const two = await tab();
	await wait(4_000);
	expect(two.connection.phase).toBe('up');
	expect(texts(two)).toEqual(['Hello']);
	// Awake again, it follows.
	await wait(4_000);
	expect(one.connection.phase).toBe('up');
	expect(alive()).toBe(1);
});

test('a dead connection is seen by what another tab sends', async () => {
	const one = await tab();
	one.send('Hello');
	await wait();
	const two = await tab();
	vi.spyOn(server.last, 'tell').mockImplementation(() => {}); // nothing comes any more
	two.send('Are you there?');
	await wait(45_000);
	for (const c of [one, two]) expect(texts(c)).toEqual(['Hello', 'Are you there?']);
	expect(server.sockets).toHaveLength(2);
});

test('a server that stops one stops all, and one that expires a token none', async () => {
	const one = await tab();
	const two = await tab();
	server.last.drop(4001);
	await wait(1_000);
	expect([one, two].map((c) => c.connection.phase)).toEqual(['up', 'up']);
	server.last.drop(4503);
	await wait(50);
	for (const c of [one, two]) expect(c.connection).toMatchObject({ phase: 'stopped', why: 4503 });
});

test('two customers in one browser share nothing', async () => {
	await tab('one');
	const two = await tab('two');
	expect(two.connection.phase).toBe('up');
	expect(alive()).toBe(2);
});

test.each([
	['without Web Locks', () => Reflect.deleteProperty(navigator, 'locks')],
	[
		'where locks are refused',
		() => {
			locks.request = () => Promise.reject(new DOMException('denied', 'SecurityError'));
		},
	],
])('%s each tab has its own connection', async (_, prepare) => {
	prepare();
	const clients = [await tab(), await tab()];
	expect(clients.map((c) => c.connection.phase)).toEqual(['up', 'up']);
	expect(alive()).toBe(2);
});
