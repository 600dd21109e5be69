import { describe, expect, it } from 'vitest';
import { isLate, localInput, onShelf, promiseState, promiseText, promiseTone, queryOf, shelfOf } from '../src/promises';
import type { PromiseRow } from '../src/protocol';

const now = Date.parse('2026-11-22T10:00:00Z');
const row = (changes: Partial<PromiseRow> = {}): PromiseRow => ({
	id: 'p1',
	number: 'FD-4VZA-0XGP',
	conversation: 'c1',
	kind: 'other',
	text: 'A refund',
	by: { kind: 'agent', name: 'Ana' },
	due: '2026-11-22T11:00:00Z',
	state: 'open',
	at: '2026-11-22T09:00:00Z',
	signature: '',
	soon: false,
	customer_name: 'Lena',
	subject: '',
	...changes,
});

describe('a promise', () => {
	it('says what is promised, in the language of the console', () => {
		expect(promiseText(row())).toBe('A refund');
		expect(promiseText(row({ kind: 'answer', text: 'An answer' }))).toBe('An answer in this chat');
		expect(promiseText(row({ kind: 'answer' }), 'lena@example.com')).toBe('An answer to lena@example.com');
	});

	it('says how it stands, with the time that matters', () => {
		expect(promiseState(row(), now)).toMatch(/^by \d\d:\d\d$/);
		expect(promiseState(row({ due: '2026-11-22T09:30:00Z' }), now)).toMatch(/^due since \d\d:\d\d$/);
		expect(promiseState(row({ state: 'kept', settled_at: '2026-11-22T09:45:00Z' }), now)).toMatch(/^kept \d\d:45$/);
	});

	it('is red only when it is late or broken', () => {
		const late = row({ due: '2026-11-22T09:59:59Z' });
		expect(isLate(late, now)).toBe(true);
		expect(isLate({ ...late, state: 'kept' }, now)).toBe(false);
		expect(promiseTone(row(), false, now)).toBe('plain');
		expect(promiseTone(row(), true, now)).toBe('warn');
		expect(promiseTone(late, true, now)).toBe('bad');
		expect(promiseTone(row({ state: 'broken' }), false, now)).toBe('bad');
		expect(promiseTone(row({ state: 'kept' }), false, now)).toBe('ok');
	});

	it('has a moment as an input has it', () => {
		const at = localInput(now);
		expect(at).toMatch(/^2026-11-2\dT\d\d:\d\d$/);
		expect(new Date(at).getTime()).toBe(now);
	});
});

describe('the ledger', () => {
	it('shows what the address says, and open ones for what it does not know', () => {
		expect(shelfOf('')).toEqual({ shelf: 'open', whose: 'all' });
		expect(shelfOf('state=broken&owner=me')).toEqual({ shelf: 'broken', whose: 'me' });
		expect(shelfOf('state=lost&owner=x')).toEqual({ shelf: 'open', whose: 'all' });
	});

	it('asks for the owner of open ones alone', () => {
		expect(queryOf('open', 'all')).toEqual({ state: 'open' });
		expect(queryOf('soon', 'me')).toEqual({ state: 'open', owner: 'me' });
		expect(queryOf('kept', 'me')).toEqual({ state: 'kept' });
	});

	it('keeps those that are due soon together', () => {
		const rows = [row({ id: 'a', soon: true }), row({ id: 'b' })];
		expect(onShelf(rows, 'soon').map((r) => r.id)).toEqual(['a']);
		expect(onShelf(rows, 'open')).toHaveLength(2);
	});
});
