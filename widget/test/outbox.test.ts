import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { database as open } from '../src/core/database/database';
import { newId } from '../src/core/ids';
import { type Kept, Outbox } from '../src/core/outbox';
import { Box } from '../src/core/storage';
import { FakeIndexedDB } from './fake-idb';
import { conversation } from './fixtures';

const send = (text: string): Kept => ({ t: 'send', d: { conversation, client_id: newId(), text } });
const texts = (o: Outbox) => o.items.map((i) => i.frame.t === 'send' && i.frame.d.text);
const names = () => new Box('t:', () => localStorage).names('out:');

/** An outbox as a page load makes it, with what is kept. */
async function load(box = new Box('t:', () => localStorage)): Promise<Outbox> {
	const o = new Outbox(box, async () => open('t'));
	await o.load(() => false);
	return o;
}

/** Until what was begun is in the database. */
const settled = () => new Promise((go) => setTimeout(go, 5));

const blocked = () =>
	new Box('t:', () => {
		throw new DOMException('denied', 'SecurityError');
	});

let database: FakeIndexedDB;

beforeEach(() => {
	localStorage.clear();
	database = new FakeIndexedDB();
	vi.stubGlobal('indexedDB', database);
});

afterEach(() => vi.unstubAllGlobals());

/** The places that a browser may have for what is kept, and what is wrong with each. */
const places: [string, () => void][] = [
	['a database', () => {}],
	['no database', () => vi.stubGlobal('indexedDB', undefined)],
	['a database that is denied', () => (database.fault = 'denied')],
	['a database that cannot be opened', () => (database.fault = 'unopened')],
	['a database that is full', () => (database.fault = 'full')],
	['a database that was taken away', () => (database.fault = 'closed')],
];

describe.each(places)('with %s', (_, prepare) => {
	beforeEach(() => prepare());

	test('survives a reload, in order, without what was acknowledged', async () => {
		const o = await load();
		const [a, b, c] = ['a', 'b', 'c'].map((t) => o.add(send(t)));
		o.acked(b?.frame.d.client_id ?? '');
		// In sight until its entry comes, but not to be sent again.
		expect(texts(o)).toEqual(['a', 'b', 'c']);
		expect(o.next).toBe(a);
		await settled();
		expect(texts(await load())).toEqual(['a', 'c']);
		o.remove(a?.frame.d.client_id ?? '');
		expect(o.next?.frame).toEqual(c?.frame);
		await settled();
		expect(texts(await load())).toEqual(['c']);
	});

	test('is kept from the first moment: the page may be gone the next', async () => {
		const o = new Outbox(new Box('t:', () => localStorage), async () => open('t'));
		o.add(send('a'));
		expect(texts(await load())).toEqual(['a']);
	});

	test('what the server refused is kept with its words, and can be tried again', async () => {
		const o = await load();
		const id = o.add(send('a')).frame.d.client_id;
		o.mark(id, 'The message is empty.');
		expect(o.next).toBeUndefined();
		await settled();
		expect((await load()).items[0]?.failed).toBe('The message is empty.');
		o.mark(id);
		expect(o.next?.frame.d.client_id).toBe(id);
		await settled();
		expect((await load()).items[0]?.failed).toBeUndefined();
	});

	test('two tabs do not write over each other', async () => {
		const one = await load();
		const two = await load();
		one.add(send('one'));
		two.add(send('two'));
		await settled();
		expect(texts(await load())).toEqual(['one', 'two']);
	});

	test('where the box is blocked too, all works from memory', async () => {
		const o = await load(blocked());
		o.add(send('a'));
		await settled();
		expect(texts(o)).toEqual(['a']);
		o.remove(o.items[0]?.frame.d.client_id ?? '');
		await settled();
		expect(texts(o)).toEqual([]);
	});
});

test('takes over what an earlier version kept', async () => {
	const old = send('old');
	localStorage.setItem(`t:out:${old.d.client_id}`, JSON.stringify({ frame: old, at: 1 }));
	localStorage.setItem('t:out:2', '{');
	localStorage.setItem('t:out:3', '{"frame":{}}');
	expect(texts(await load())).toEqual(['old']);
	const o = await load();
	expect(texts(o)).toEqual(['old']);
	o.acked(old.d.client_id);
	await settled();
	expect(texts(await load())).toEqual([]);
});

test.each(['full', 'blocked'])('what a box that is %s does not take is in the database', async (fault) => {
	const box = () =>
		new Box('t:', () => {
			if (fault === 'blocked') throw new DOMException('denied', 'SecurityError');
			return Object.assign(Object.create(localStorage), {
				setItem: () => {
					throw new DOMException('full', 'QuotaExceededError');
				},
			});
		});
	(await load(box())).add(send('a'));
	await settled();
	const o = await load(box());
	expect(texts(o)).toEqual(['a']);
	o.acked(o.items[0]?.frame.d.client_id ?? '');
	await settled();
	expect(texts(await load(box()))).toEqual([]);
});

test('what the database brings late is taken in by the next connection', async () => {
	const first = await load(blocked());
	first.add(send('a'));
	await settled();
	vi.useFakeTimers();
	let come = (_: ReturnType<typeof open>) => {};
	const o = new Outbox(blocked(), () => new Promise((ok) => (come = ok)));
	const loading = o.load(() => false);
	await vi.advanceTimersByTimeAsync(2_000);
	await loading;
	vi.useRealTimers();
	expect(texts(o)).toEqual([]);
	come(open('t'));
	await o.load(() => false);
	expect(texts(o)).toEqual(['a']);
});

test('a browser that does not answer is not waited for', async () => {
	database.fault = 'silent';
	vi.useFakeTimers();
	const loading = load();
	await vi.advanceTimersByTimeAsync(2_000);
	const o = await loading;
	vi.useRealTimers();
	o.add(send('a'));
	expect(names()).toHaveLength(1);
});

test('what is done while the shelf is read does not come back, and what has come is dropped', async () => {
	const o = await load();
	const [a, b] = ['a', 'b'].map((t) => o.add(send(t)).frame.d.client_id);
	await settled();
	const reading = o.load(() => false);
	o.remove(a ?? '');
	await reading;
	expect(texts(o)).toEqual(['b']);
	const other = new Outbox(new Box('t:', () => localStorage), async () => open('t'));
	await other.load((id) => id === b);
	expect(texts(other)).toEqual([]);
	await settled();
	expect(texts(await load())).toEqual([]);
});

test('a clock that went back between two pages does not change the order', async () => {
	vi.useFakeTimers({ toFake: ['Date'] });
	vi.setSystemTime('2040-01-01');
	(await load()).add(send('first'));
	vi.setSystemTime('2026-01-01');
	const o = await load();
	o.add(send('second'));
	vi.useRealTimers();
	await settled();
	expect(texts(await load())).toEqual(['first', 'second']);
});
