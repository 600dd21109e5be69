import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Client } from '../src/core/client';
import type { CustomerPromise, Entry, Receipt } from '../src/protocol';
import { PromiseCard } from '../src/ui/promise/Promise';
import { stage } from './client';
import { render } from './drawn';
import { entry, system } from './fixtures';

let root: HTMLElement;
let client: Client;

beforeEach(() => {
	vi.useFakeTimers({ now: Date.UTC(2026, 10, 22, 10, 0), toFake: ['Date'] });
	({ root, client } = stage());
});

afterEach(() => {
	localStorage.clear();
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

const ana = { kind: 'agent' as const, name: 'Ana' };
const promise = (changes: Partial<CustomerPromise> = {}): CustomerPromise => ({
	id: 'p1',
	number: 'FD-4VZA-0XGP',
	conversation: 'c',
	kind: 'other',
	text: 'A <b>refund</b>',
	by: ana,
	due: '2026-11-22T16:00:00Z',
	state: 'open',
	at: '2026-11-22T10:00:00Z',
	signature: 'c2lnbmVk',
	...changes,
});
let made: Entry;

beforeEach(() => {
	made = entry(2, 'promise', ana, { promise: promise() });
});

async function show(first: Entry, ...after: Entry[]) {
	client.log.entries = [first, ...after];
	root.replaceChildren();
	render(() => <PromiseCard entry={first} client={client} />, root);
}

test('it has the due time first, and the receipt', async () => {
	await show(made);
	expect(root.querySelector('p')?.textContent).toMatch(/^Ana promised A <b>refund<\/b>, by today, /);
	expect(root.querySelector('.mono')?.textContent).toBe('FD-4VZA-0XGP');
	expect(root.querySelector('.end')).toBeNull();
});

test('it says what became of it, as the log has it', async () => {
	await show(made, entry(3, 'promise', ana, { promise: promise({ state: 'kept' }) }));
	expect(root.querySelector('.end')?.textContent).toBe('Kept');
	const next = promise({ id: 'p2', before: 'p1' });
	await show(made, entry(3, 'notice', system, { notice: { kind: 'overdue' }, promise: next }));
	expect(root.querySelector('.end')?.textContent).toBe('We did not make it: see the new time below');
	await show(made, entry(3, 'notice', ana, { notice: { kind: 'promise' }, promise: next }));
	expect(root.querySelector('.end')?.textContent).toBe('You agreed to another time: see below');
});

test('an answer is kept by a person, not by the bot', async () => {
	const answer = entry(2, 'notice', system, {
		notice: { kind: 'promise', email: 'a@b.de' },
		promise: promise({ kind: 'answer' }),
	});
	await show(answer, entry(3, 'message', { kind: 'bot' }, { text: 'Hello' }));
	expect(root.querySelector('p')?.textContent).toMatch(/^You have our word An answer by today, /);
	expect(root.querySelector('dl')?.textContent).toContain('a@b.de');
	expect(root.querySelector('.end')).toBeNull();
	await show(answer, entry(3, 'message', ana, { text: 'Hello' }));
	expect(root.querySelector('.end')?.textContent).toBe('Kept');
});

test('the receipt is checked with its signature', async () => {
	await show(made);
	const receipt: Receipt = { valid: true, promise: promise(), signed: 'frontdesk promise 1\n' };
	const asked = vi.fn(async () => new Response(JSON.stringify(receipt)));
	vi.stubGlobal('fetch', asked);
	root.querySelector('button')?.click();
	await vi.waitFor(() => expect(root.querySelector('pre')?.textContent).toBe('frontdesk promise 1\nc2lnbmVk'));
	expect(String((asked.mock.calls as unknown[][])[0]?.[0])).toMatch(
		/\/v1\/promises\/FD-4VZA-0XGP\?inbox=.*signature=c2lnbmVk/,
	);
});

test('without a connection the receipt stays', async () => {
	await show(made);
	vi.stubGlobal(
		'fetch',
		vi.fn(async () => Promise.reject(new TypeError('offline'))),
	);
	root.querySelector('button')?.click();
	await vi.waitFor(() => expect(root.textContent).toContain('could not be checked now'));
	expect(root.querySelector('button')?.disabled).toBe(false);
});
