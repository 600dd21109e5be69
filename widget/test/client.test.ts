import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Client } from '../src/core/client';
import { Refused } from '../src/core/connection';
import type { Session } from '../src/protocol';
import { t } from '../src/text/words';
import { clientOf } from './client';
import { FakeServer } from './fake-server';
import { ana, bot, conversation, entry, moved } from './fixtures';

let server: FakeServer;

beforeEach(() => {
	vi.useFakeTimers();
	localStorage.clear();
	server = new FakeServer();
});

afterEach(() => vi.useRealTimers());

/** A client of the server, as a page load makes one; what it stored before is there. */
function load(): Client {
	return clientOf(server);
}

const wait = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

async function connected(): Promise<Client> {
	const c = load();
	c.connection.start();
	await wait();
	expect(c.connection.phase).toBe('up');
	return c;
}

const texts = (c: Client) => c.log.entries.map((e) => e.text);
const stored = () => [...server.logs.values()].flat().map((e) => e.text);
const sent = () => server.received.filter((f) => f.t === 'send').map((f) => f.t === 'send' && f.d.text);

test('a first message makes the conversation, is followed and shown once', async () => {
	const c = await connected();
	expect(c.current).toBe('');
	c.send('  Hello  ');
	expect(c.pending).toHaveLength(1);
	await wait();
	expect(texts(c)).toEqual(['Hello']);
	expect(c.pending).toEqual([]);
	server.append(c.current, { client_id: 'b1', from: bot, text: 'Hi' });
	expect(texts(c)).toEqual(['Hello', 'Hi']);
});

test('a session that comes after a later one was asked for counts no more', async () => {
	const answers: ((session: Session) => void)[] = [];
	const c = clientOf(server, { session: () => new Promise((done) => answers.push(done)) });
	c.connection.start();
	await wait();
	c.connection.drop(); // the page says meanwhile who the customer is
	c.connection.wake();
	await wait();
	const [nobody, known] = answers;
	const session = await server.session(undefined);
	known?.({ ...session, visitor_token: 'of maria', inbox: { ...session.inbox, brand: 'Later' } });
	await wait();
	nobody?.({ ...session, visitor_token: 'of nobody', inbox: { ...session.inbox, brand: 'Earlier' } });
	await wait();
	expect(c.box.get('token')).toBe('of maria');
	expect(c.face?.brand).toBe('Later');
	expect(c.connection.phase).toBe('up');
});

test('messages go out one at a time, in order, whatever comes between', async () => {
	const c = await connected();
	let limited = true;
	server.refuse = (f) =>
		f.t === 'send' && f.d.text === 'a' && limited ? { code: 'rate_limited', retry_after_ms: 2000 } : undefined;
	for (const t of ['a', 'b', 'c']) c.send(t);
	await wait(1999);
	expect(sent()).toEqual(['a']);
	limited = false;
	await wait(1);
	expect(stored()).toEqual(['a', 'b', 'c']);
	expect(texts(c)).toEqual(['a', 'b', 'c']);
});

// The heart of the promise: however often the line is cut, both sides end with the same list.
test.each([{ in: 1 }, { in: 2 }, { in: 3 }, { out: 2 }, { out: 3 }, { out: 4 }, { out: 5 }, { in: 3, out: 7 }])(
	'cut on every connection after frames %o: lists are equal, each message once',
	async (cutAfter) => {
		server.echo = true;
		server.cutAfter = cutAfter;
		const c = load();
		c.connection.start();
		const said = Array.from({ length: 12 }, (_, i) => `message ${i}`);
		for (const t of said) {
			c.send(t);
			await wait(700);
		}
		await wait(60 * 30_000);
		expect(server.cuts).toBeGreaterThan(3);
		expect(c.outbox.items).toEqual([]);
		expect(c.log.entries).toEqual(server.logs.get(c.current));
		const mine = c.log.entries.filter((e) => e.from.kind === 'customer').map((e) => e.text);
		expect(mine).toEqual(said);
	},
);

test('what is written offline survives a reload and goes out in order', async () => {
	server.sessionFails = () => new Error('no network');
	const before = load();
	before.connection.start();
	await wait();
	before.send('one');
	before.send('two');
	before.connection.stop();

	server.sessionFails = () => undefined;
	const after = await connected();
	await wait();
	expect(after.current).toBe(before.current);
	expect(stored()).toEqual(['one', 'two']);
	expect(texts(after)).toEqual(['one', 'two']);
});

test('a reload shows the conversation whole and live only then', async () => {
	const c = await connected();
	c.send('Hello');
	await wait();
	server.append(c.current, { client_id: 'b1', from: bot, text: 'Hi' });
	c.connection.stop();
	const again = load();
	expect(again.caughtUp).toBe(false);
	again.connection.start();
	await wait();
	expect(texts(again)).toEqual(['Hello', 'Hi']);
	expect(again.caughtUp).toBe(true);
	expect(server.sessions.at(-1)).toBe('visitor-1');
});

test('a reload knows that the conversation had ended, before the server says so', async () => {
	const c = await connected();
	c.send('Hello');
	await wait();
	const { current } = c;
	const move = (status: 'open' | 'closed') =>
		server.append(current, { client_id: status, kind: 'owner', change: moved(1, 'bot', { status }).change });
	move('closed');
	c.connection.stop();
	expect(load()).toMatchObject({ current, over: true });
	const again = await connected();
	expect(again).toMatchObject({ current, over: true });
	move('open'); // in another tab
	again.connection.stop();
	expect(load()).toMatchObject({ current, over: false });
	again.open('');
	expect(load()).toMatchObject({ current: '', over: false });
});

test('the server knows that the conversation has ended meanwhile', async () => {
	const c = await connected();
	c.send('Hello');
	await wait();
	c.connection.stop();
	server.append(c.current, { client_id: 'end', kind: 'owner', change: moved(1, 'bot', { status: 'closed' }).change });
	expect(load().over).toBe(false);
	expect((await connected()).over).toBe(true);
});

test('a gap is filled by a sync, doubles are dropped', async () => {
	const c = await connected();
	c.send('1');
	await wait();
	const log = server.logs.get(c.current) ?? [];
	for (let i = 2; i <= 4; i++) log.push({ ...entry(i, 'message', bot, { text: `${i}` }), conversation: c.current });
	const last = log[3];
	if (!last) throw new Error('no entry');
	server.last.tell({ t: 'entry', d: last });
	server.last.tell({ t: 'entry', d: last });
	await wait();
	expect(texts(c)).toEqual(['1', '2', '3', '4']);
	expect(server.received.filter((f) => f.t === 'sync' && f.d.after === 1)).toHaveLength(1);
});

test('reset: forgets and begins from 0', async () => {
	const c = await connected();
	c.send('old');
	await wait();
	server.logs.set(c.current, [{ ...entry(1, 'message', bot, { text: 'restored' }), conversation: c.current }]);
	server.last.tell({ t: 'reset', d: { conversation: c.current } });
	await wait();
	expect(texts(c)).toEqual(['restored']);
});

test('refused for good: marked with the words of the server, and does not hold up the next', async () => {
	const c = await connected();
	server.refuse = (f) =>
		f.t === 'send' && f.d.text === 'bad' ? { code: 'invalid', message: 'The message is empty.' } : undefined;
	c.send('bad');
	c.send('good');
	await wait();
	expect(stored()).toEqual(['good']);
	expect(c.pending.map((i) => i.failed)).toEqual(['The message is empty.']);
	server.refuse = () => undefined;
	c.retry(c.pending[0]?.frame.d.client_id ?? '');
	await wait();
	expect(stored()).toEqual(['good', 'bad']);
});

test('a fault of the server is tried again, then shown', async () => {
	const c = await connected();
	server.refuse = () => ({ code: 'unavailable', message: 'A part is down.' });
	c.send('x');
	await wait(5_000);
	expect(sent()).toEqual(['x', 'x']);
	await wait(600_000);
	expect(sent()).toHaveLength(5);
	expect(c.pending[0]?.failed).toBe('A part is down.');
});

test('a message beyond the limit never goes out', async () => {
	const c = await connected();
	c.send('ü'.repeat(4097));
	await wait();
	expect(sent()).toHaveLength(0);
	expect(c.pending[0]?.failed).toBe(t.tooLong);
});

test('no ack within 10 s means a dead connection', async () => {
	const c = await connected();
	c.send('1');
	await wait();
	vi.spyOn(server.last, 'send').mockImplementation(() => {}); // swallowed by the network
	c.send('2');
	await wait(10_000 + 250);
	expect(server.sockets).toHaveLength(2);
	expect(stored()).toEqual(['1', '2']);
});

test.each([1001, 1005, 1006, 1011, 1012, 1013, 4000, 4008, 4029])('close %i: comes back', async (code) => {
	const c = await connected();
	server.last.drop(code);
	expect(c.connection.phase).toBe('waiting');
	await wait(250);
	expect(c.connection.phase).toBe('up');
});

test('close 4001: a new session at once', async () => {
	const c = await connected();
	server.last.drop(4001);
	await wait();
	expect(c.connection.phase).toBe('up');
	expect(server.sessions).toEqual([undefined, 'visitor-1']);
});

test.each([4500, 4503, 4509])('close %i: stops and says so', async (code) => {
	const c = await connected();
	server.last.drop(code);
	await wait(600_000);
	expect(c.connection).toMatchObject({ phase: 'stopped', why: code });
	expect(server.sockets).toHaveLength(1);
});

test('close 4501: once with a new visitor, what was written goes along; then it stops', async () => {
	const c = await connected();
	c.send('Hello');
	await wait();
	const first = c.current;
	server.refuse = () => ({ code: 'unavailable' });
	c.send('Still here?');
	await wait();
	server.refuse = () => undefined;
	server.visitor = 'visitor-2';
	server.last.drop(4501);
	await wait();
	expect(server.sessions).toEqual([undefined, undefined]);
	expect(c.current).not.toBe(first);
	expect(server.logs.get(c.current)?.map((e) => e.text)).toEqual(['Still here?']);

	server.mute = true; // no welcome any more
	server.last.drop(4501);
	await wait();
	server.last.drop(4501);
	expect(c.connection).toMatchObject({ phase: 'stopped', why: 4501 });
});

test('a server that does not know the visitor: a conversation of its own for what waits', async () => {
	const c = await connected();
	c.send('Hello');
	await wait();
	const first = c.current;
	server.visitor = 'visitor-2';
	server.logs = new Map();
	server.last.drop();
	c.send('And?');
	await wait(250);
	await wait();
	expect(c.current).not.toBe(first);
	expect(texts(c)).toEqual(['And?']);
});

test('an inbox that does not exist: stops with the words of the server', async () => {
	server.sessionFails = () => new Refused('No inbox has the key "x".');
	const c = load();
	c.connection.start();
	await wait(60_000);
	expect(c.connection).toMatchObject({ phase: 'stopped', why: 'No inbox has the key "x".' });
	expect(server.sessions).toHaveLength(1);
});

test('never gives up, and comes back at once when woken', async () => {
	server.sessionFails = () => new Error('no network');
	const c = load();
	c.connection.start();
	await wait(3_600_000);
	expect(c.connection.phase).toBe('waiting');
	expect(server.sessions.length).toBeGreaterThan(200);
	server.sessionFails = () => undefined;
	c.connection.wake();
	await wait();
	expect(c.connection).toMatchObject({ phase: 'up', failures: 0 });
});

test('drain: waits for its part of the time, also when the server closes first', async () => {
	const c = await connected();
	server.last.tell({ t: 'drain', d: { after_ms: 8000 } });
	await wait(1000);
	expect(server.sockets).toHaveLength(1);
	server.last.drop(4000);
	await wait(2999);
	expect(server.sockets).toHaveLength(1);
	await wait(1);
	expect(server.sockets).toHaveLength(2);
	expect(c.connection.phase).toBe('up');
});

test('a server that does not say welcome is given up after 10 s', async () => {
	server.mute = true;
	const c = load();
	c.connection.start();
	await wait();
	expect(c.connection.phase).toBe('connecting');
	server.mute = false;
	await wait(10_250);
	expect(c.connection.phase).toBe('up');
});

test('unread counts the other side only, and is kept over a reload', async () => {
	const c = await connected();
	c.send('Hello');
	await wait();
	server.append(c.current, { client_id: 'b1', from: bot, text: '1' });
	server.append(c.current, { client_id: 'b2', from: ana, text: '2' });
	expect(c.unread).toBe(2);
	c.read();
	expect(c.unread).toBe(0);
	expect(server.received.at(-1)).toMatchObject({ t: 'read', d: { seq: 3 } });
	c.connection.stop();
	const again = await connected();
	server.append(again.current, { client_id: 'b3', from: ana, text: '3' });
	expect(again.unread).toBe(1);
});

test('drafts and typing are moments: an entry or the end takes them away', async () => {
	const c = await connected();
	c.send('Hello');
	await wait();
	const { current } = c;
	const draft = (text: string) =>
		server.last.tell({ t: 'draft', d: { conversation: current, turn: 't', epoch: 1, text } });
	draft('Yes.');
	expect(c.draft?.text).toBe('Yes.');
	server.append(current, { client_id: 'b1', from: bot, text: 'Yes.' });
	expect(c.draft).toBeUndefined();
	draft('More');
	server.last.tell({ t: 'draft_end', d: { conversation: current, turn: 't' } });
	expect(c.draft).toBeUndefined();
	server.last.tell({ t: 'typing', d: { conversation: current, from: ana } });
	expect(c.told.typing?.from.name).toBe('Ana');
	server.append(current, { client_id: 'a1', from: ana, text: 'Hello' });
	expect(c.told.typing).toBeUndefined();
	server.last.tell({ t: 'draft', d: { conversation, turn: 't', epoch: 1, text: 'of another one' } });
	expect(c.draft).toBeUndefined();
});

test('a conversation that the page has yet to say whose it is comes back with that, though a session did not know it', async () => {
	const c = await connected();
	c.send('Hello');
	await wait();
	const first = c.current;
	c.connection.stop();
	const { logs, visitor } = server;
	server.logs = new Map(); // as nobody in particular it has none
	server.visitor = 'nobody';
	const again = await connected();
	expect([again.current, again.caughtUp]).toEqual(['', true]);
	server.last.drop();
	await wait(250);
	expect(again.current).toBe(''); // nobody in particular has it now as little
	server.logs = logs; // the page says who it is
	server.visitor = visitor;
	again.sign = (of) => server.session(of.visitor_token);
	server.last.drop();
	await wait(600);
	expect(again.current).toBe(first);
	expect(texts(again)).toEqual(['Hello']);
	again.open(''); // a new chat is one, whoever it is
	server.last.drop();
	await wait(250);
	expect(again.current).toBe('');
});

test('words of nobody in particular never go to the conversation that was left', async () => {
	const c = await connected();
	c.send('Hello');
	await wait();
	const first = c.current;
	c.connection.stop();
	server.logs = new Map();
	server.visitor = 'nobody';
	const again = await connected();
	server.last.drop();
	again.send('Who are you?');
	await wait(250);
	expect(again.current).not.toBe(first);
	expect([...server.logs.keys()]).toEqual([again.current]);
});
