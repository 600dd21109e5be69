import { beforeEach, expect, test, vi } from 'vitest';
import type { Client } from '../src/core/client';
import type { Block, Entry } from '../src/protocol';
import { Chat } from '../src/ui/Chat';
import { Composer } from '../src/ui/Composer';
import { message } from '../src/ui/Message';
import type { Shell } from '../src/ui/parts';
import { stage } from './client';
import { redraw, render } from './drawn';
import { bot, customer, entry } from './fixtures';

let root: HTMLElement;
let client: Client;
let shell: Shell;

beforeEach(() => {
	({ root, client } = stage());
	client.caughtUp = true;
	shell = { client, inbox: 'site', close: undefined, open: vi.fn(), back: vi.fn(), home: vi.fn() };
});

const asks = (seq: number) => entry(seq, 'message', customer, { text: `Question ${seq}` });
const says = (seq: number, ...blocks: Block[]) =>
	entry(seq, 'message', bot, { text: 'Words', blocks, answer: { turn: `t${seq}`, confidence: 1, action: 'answer' } });
const words = (text: string): Block => ({ t: 'p', kids: [{ t: 'text', text }] });

// Before the other test, which loads what is missing here.
test('an answer that needs a part is drawn when that is there, and until then its draft stays', async () => {
	const chat = new Chat(shell);
	const composer = new Composer(client);
	client.log.entries = [asks(1)];
	client.draft = { conversation: 'c', turn: 't2', epoch: 1, text: 'It costs' } as NonNullable<Client['draft']>;
	render(() => chat.view(composer), root);
	const draft = () => root.querySelector('.bt[aria-hidden]')?.textContent;
	await vi.waitFor(() => expect(draft()).toContain('It costs'));
	const table: Block = { t: 'table', kids: [{ t: 'tr', kids: [{ t: 'th', kids: [{ t: 'text', text: 'Cost' }] }] }] };
	client.log.entries = [asks(1), says(2, words('It costs'), table)];
	client.draft = undefined;
	await redraw();
	expect(draft()).toContain('It costs');
	expect(root.querySelector('#m2')).toBeNull();
	await vi.waitFor(() => expect(root.querySelector('#m2 table')?.textContent).toBe('Cost'));
	expect(draft()).toBeUndefined();
});

test('an entry that has not changed is the same object, in a log of 500', () => {
	const entries: Entry[] = Array.from({ length: 500 }, (_, i) => (i % 2 ? says(i + 1, words('Yes')) : asks(i + 1)));
	client.log.entries = entries;
	const draw = () => entries.map((e, i) => message(e, entries[i - 1], shell));
	const first = draw();
	client.draft = { conversation: 'c', turn: 't', epoch: 1, text: 'more' } as NonNullable<Client['draft']>;
	expect(draw().every((lines, i) => lines === first[i])).toBe(true);
	client.log.entries = [...entries, asks(501)];
	const changed = draw().flatMap((lines, i) => (lines === first[i] ? [] : [i + 1]));
	expect(changed).toEqual([500]); // its quick replies are of no more use
});
