// What a server may send that it should not: of another version, broken on its way, or made by somebody else. The window
// shows what can be shown of it, lets nothing in, and goes on.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Client } from '../src/core/client';
import { Frame } from '../src/frame';
import type { Block, Entry, Session } from '../src/protocol';
import { App } from '../src/ui/App';
import { people, whole } from '../src/ui/Message';
import { clientOf } from './client';
import { redraw } from './drawn';
import { FakeServer } from './fake-server';
import { bot, entry } from './fixtures';

let server: FakeServer;
let client: Client;
const thrown: unknown[] = [];
const caught = (e: ErrorEvent) => thrown.push(e.error);

beforeEach(async () => {
	localStorage.clear();
	thrown.length = 0;
	addEventListener('error', caught);
	document.body.replaceChildren();
	server = new FakeServer();
	await vi.waitUntil(() => people.here());
	await begin();
});

afterEach(() => removeEventListener('error', caught));

async function begin(session = (token?: string) => server.session(token)) {
	client = clientOf(server, { session });
	new App(client, new Frame(true, ''), 'site').start();
	client.connection.start();
	await vi.waitUntil(() => client.connection.phase === 'up');
	client.send('Hello');
	await vi.waitUntil(() => client.log.seq === 1);
	await redraw();
}

const shown = () => document.querySelector('[role=log]')?.textContent ?? '';
let words = 0;

/** The window is alive: what the bot says is drawn. */
async function alive() {
	const text = `All is well, ${++words}.`;
	server.append(client.current, { client_id: text, from: bot, text, at: new Date().toISOString() });
	await vi.waitUntil(() => shown().includes(text), 1000);
}

const raw = (data: string) => server.last.onmessage?.call(server.last as never, { data } as MessageEvent);

test.each([
	'',
	'{',
	'null',
	'7',
	'"x"',
	'[]',
	'{}',
	'{"t":7}',
	'{"t":"entry"}',
	'{"t":"entry","d":null}',
	'{"t":"entry","d":7}',
	'{"t":"of a later version","d":{}}',
	'{"t":"ack"}',
	'{"t":"ack","d":null}',
	'{"t":"error"}',
	'{"t":"error","d":{"code":7,"retry_after_ms":1e300}}',
	'{"t":"typing","d":{}}',
	'{"t":"queue","d":[]}',
	'{"t":"draft","d":null}',
	'\u0000',
	'{"t":"entry","d":{"__proto__":{"x":1}}}',
	'['.repeat(5000),
])('a frame that is none: %.60s', async (data) => {
	raw(data);
	await alive();
	expect(thrown).toEqual([]);
});

// Each has the number of the next entry, and words that are to be read whatever else is wrong.
const readable = 'Readable all the same';
const wrong: Record<string, Record<string, unknown>> = {
	'no sender': { from: undefined },
	'a sender that is none': { from: null },
	'an unknown sender': { from: { kind: 'robot' } },
	'no time': { at: undefined },
	'a time that is none': { at: 'soon' },
	'a time beyond all clocks': { at: '+999999-01-01T00:00:00Z' },
	'blocks that are none': { blocks: 'x' },
	'blocks with nothing': { blocks: [null] },
	'a block without a type': { blocks: [{ kids: [{ t: 'text', text: readable }] }] },
	'an unknown block': { blocks: [{ t: 'hologram', kids: [{ t: 'text', text: readable }] }] },
	'kids that are none': { blocks: [{ t: 'p', kids: 'x' }] },
	'an answer that is none': { answer: 'x' },
	'citations that are none': { answer: { citations: 'x' } },
	'choices that are none': { answer: { choices: 7 } },
	'a source without a title': { answer: { citations: [{ n: 1 }] } },
	'numbers beyond all': {
		answer: { citations: [{ n: 1e300, title: 'x' }] },
		blocks: [{ t: 'ol', n: 1e300, kids: [{ t: 'li', kids: [{ t: 'text', text: readable }] }] }],
	},
	'citations of places that are none': {
		answer: { citations: [{ n: 1, title: 'x', article: 'a', version: 'v' }] },
		blocks: [-1, 0, 2, 1e300, 'x', null].map((n) => ({
			t: 'p',
			kids: [
				{ t: 'text', text: readable },
				{ t: 'cite', n },
			],
		})),
	},
	'spans that are none': {
		answer: {
			citations: [
				{ n: 1, title: 'x', spans: 'x' },
				{ n: 2, title: 'y', spans: [null] },
			],
		},
	},
	'files that are none': { files: 7 },
	'a file without a name': { files: [{}] },
};

function deep(levels: number): Block {
	let block: Block = { t: 'text', text: readable };
	for (let i = 0; i < levels; i++) block = { t: 'p', kids: [block] };
	return block;
}

test.each(Object.entries(wrong))('an entry with %s', async (_, rest) => {
	server.append(client.current, {
		client_id: 'wrong',
		from: bot,
		text: readable,
		at: new Date().toISOString(),
		...(rest as Partial<Entry>),
	});
	await alive();
	expect(client.log.seq).toBe(3);
	expect(shown()).toContain(readable);
	expect(thrown).toEqual([]);
});

test('blocks deeper than a document can be leave the window as it is', async () => {
	server.append(client.current, {
		client_id: 'deep',
		from: bot,
		text: 'x',
		at: new Date().toISOString(),
		blocks: [deep(2_000)],
	});
	await alive();
	expect(document.querySelectorAll('[role=log] p').length).toBeLessThan(200);
});

test.each([undefined, null, 0, -1, 'x', 1.5, 1e300])('an entry with the number %s takes no place', async (seq) => {
	raw(
		JSON.stringify({
			t: 'entry',
			d: { ...entry(2, 'message', bot, { text: 'Nowhere' }), conversation: client.current, seq },
		}),
	);
	await alive();
	expect(shown()).not.toContain('Nowhere');
});

test.each(['owner', 'notice', 'contact', 'rating', 'promise', 'of a later version'])(
	'an entry of the kind %s with nothing in it',
	async (kind) => {
		server.append(client.current, {
			client_id: 'wrong',
			kind: kind as Entry['kind'],
			from: { kind: 'system' },
			at: new Date().toISOString(),
		});
		await alive();
		expect(thrown).toEqual([]);
	},
);

test('words are words, whatever they look like', async () => {
	const markup = '<script>window.got = 1</script><img src=x onerror="window.got = 1">';
	// As an element of ours would look, had it come from the server.
	const element = { tag: 'iframe', props: { srcdoc: markup, onload: 'window.got = 1' }, kids: [], key: undefined };
	server.append(client.current, {
		client_id: 'wrong',
		from: bot,
		text: markup,
		at: new Date().toISOString(),
		blocks: [
			{ t: 'p', kids: [{ t: 'text', text: markup }, { t: 'text', text: element as never }, element as never] },
			{ t: 'link', href: 'javascript:window.got=1', kids: [{ t: 'text', text: 'here' }] },
			{ t: 'script', text: 'window.got = 1' },
		],
	});
	await alive();
	expect(document.querySelector('script, img, iframe, [href^=javascript]')).toBeNull();
	expect(shown()).toContain(markup);
	expect((window as { got?: number }).got).toBeUndefined();
});

test('a source that the answer has not opens nothing', async () => {
	server.append(client.current, {
		client_id: 'wrong',
		from: bot,
		text: 'x',
		at: new Date().toISOString(),
		answer: { citations: [{ n: 1, title: 'x', article: 'a', version: 'v' }] } as never,
		blocks: [{ t: 'p', kids: [{ t: 'cite', n: 7 }] }],
	});
	await alive();
	document.querySelector<HTMLElement>('p .cite')?.click();
	await alive();
	expect(document.querySelector('.view[hidden]')).toBeNull();
	expect(thrown).toEqual([]);
});

test('a megabyte in one block is shown, and the next answer too', async () => {
	const text = 'a megabyte of words, '.repeat(50_000);
	server.append(client.current, {
		client_id: 'wrong',
		from: bot,
		text: '',
		at: new Date().toISOString(),
		blocks: [{ t: 'p', kids: [{ t: 'text', text }] }],
	});
	await alive();
	expect(shown()).toContain(text);
});

test.each<[string, (s: Session) => unknown]>([
	['a face of nothing', (s) => ({ ...s, inbox: {} })],
	['no face', (s) => ({ ...s, inbox: undefined })],
	[
		'a face of other types',
		(s) => ({
			...s,
			inbox: { brand: 7, bot: {}, greeting: [], starters: 'x', online: 'no', closes_at: 7, opens_at: 'soon' },
		}),
	],
	['no conversations', (s) => ({ ...s, conversations: null })],
	['a conversation of nothing', (s) => ({ ...s, conversations: [{}] })],
])('a session with %s', async (_, broken) => {
	document.body.replaceChildren();
	localStorage.clear();
	await begin(async (token) => broken(await server.session(token)) as Session);
	await alive();
	client.open('');
	await redraw();
	expect(document.querySelector('textarea')).not.toBeNull();
	expect(thrown).toEqual([]);
});

test('what is loaded for an entry that is wrong is not waited for', () => {
	expect(whole({ ...entry(1, 'message', bot), blocks: 7 as never })).toBe(true);
});
