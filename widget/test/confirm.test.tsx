import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Client } from '../src/core/client';
import type { CallState, Card, Entry } from '../src/protocol';
import { Confirm } from '../src/ui/confirm/Confirm';
import { stage } from './client';
import { render } from './drawn';
import { bot, customer, entry, moved, system } from './fixtures';

let root: HTMLElement;
let client: Client;

beforeEach(() => {
	vi.useFakeTimers({ now: Date.UTC(2026, 10, 21, 10, 5) });
	({ root, client } = stage());
});

afterEach(() => {
	localStorage.clear();
	vi.useRealTimers();
});

const proposed: Card = {
	call: 'call-1',
	title: 'Cancel order <b>20418</b>',
	rows: [{ name: 'number', label: 'Order', value: '20418' }],
	expires: '2026-11-21T10:10:00Z',
};
let card: Card;
let proposes: Entry;

beforeEach(() => {
	card = { ...proposed };
	proposes = entry(2, 'message', bot, { text: 'Shall I?', card });
});

const became = (seq: number, state: CallState, call = 'call-1') =>
	entry(seq, 'call', state === 'confirmed' ? customer : system, { call: { call, action: 'a', title: 't', state } });

async function show(...after: Entry[]) {
	root.replaceChildren();
	client.log.entries = [entry(1, 'message', customer, { text: 'cancel it' }), proposes, ...after];
	render(() => <Confirm entry={proposes} card={card} client={client} />, root);
}

const buttons = () => [...root.querySelectorAll('button')];

test('it says what will happen, as plain text, and asks', async () => {
	await show();
	expect(root.querySelector('h2')?.textContent).toBe('Cancel order <b>20418</b>');
	expect(root.querySelector('dl')?.textContent).toBe('Order 20418');
	expect(buttons().map((b) => b.textContent)).toEqual(['Confirm', 'Don’t do it']);
});

test.each([
	[0, true],
	[1, false],
])('button %i sends the word once', async (n, yes) => {
	await show();
	buttons()[n]?.click();
	const [item] = client.outbox.items;
	expect(item?.frame.t).toBe('confirm');
	expect(item?.frame.d).toMatchObject({ conversation: 'c', call: 'call-1', yes });
	await show();
	expect(buttons().every((b) => b.disabled)).toBe(true);
});

test('a refusal is shown, and not tried again', async () => {
	await show();
	buttons()[0]?.click();
	client.outbox.mark(client.outbox.items[0]?.frame.d.client_id ?? '', 'This can no longer be confirmed.');
	await show();
	expect(root.textContent).toContain('This can no longer be confirmed.');
	expect(buttons()).toHaveLength(0);
});

test.each([
	['done', [became(3, 'confirmed'), became(4, 'done')], 'it is done'],
	['declined', [became(3, 'declined')], 'declined'],
	['unknown', [became(3, 'confirmed'), moved(4, 'queue'), became(5, 'unknown')], 'A person checks'],
	['taken over', [moved(3, 'agent')], 'no longer'],
	['taken over and back', [moved(3, 'agent'), moved(4, 'bot')], 'no longer'],
	['a newer proposal', [entry(3, 'message', bot, { card: { ...proposed, call: 'call-2' } })], 'no longer'],
] as const)('%s', async (_, after, says) => {
	await show(...after);
	expect(root.textContent).toContain(says);
	expect(buttons()).toHaveLength(0);
});

test('it runs out while it is in view', async () => {
	await show();
	expect(buttons()).toHaveLength(2);
	await vi.advanceTimersByTimeAsync(5 * 60_000 + 100);
	expect(root.textContent).toContain('no longer');
});
