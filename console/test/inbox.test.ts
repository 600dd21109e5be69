import { describe, expect, it } from 'vitest';
import { Problem } from '../src/api';
import type { ConversationList, ConversationRow } from '../src/protocol';
import { can, isUnread, neighbour, newInbox, reduceInbox } from '../src/state/inbox';

const row = (id: string, change: Partial<ConversationRow> = {}) =>
	({ id, status: 'open', owner: 'queue', customer_seq: 3, last_from: 'customer', ...change }) as ConversationRow;
const page = (ids: string[] | null, next = ''): ConversationList => ({
	data: ids?.map((id) => row(id)) as ConversationRow[],
	next_cursor: next,
	queue: 7,
	mine: 2,
	team: 0,
	snoozed: 0,
});
const ids = (inbox: typeof newInbox) => inbox.lists.queue.rows?.map((r) => r.id);

describe('reduceInbox', () => {
	const load = (inbox: typeof newInbox, p: ConversationList, more = false) =>
		reduceInbox(inbox, { type: 'loaded', view: 'queue', page: p, more });

	it('tells a list that is not there yet from an empty one', () => {
		expect(newInbox.lists.queue.rows).toBeNull();
		expect(load(newInbox, page(null)).lists.queue.rows).toEqual([]);
	});

	it('replaces the list, counts, and leaves the other views alone', () => {
		const inbox = load(load(newInbox, page(['a', 'b'], 'n')), page(['b', 'c']));
		expect(ids(inbox)).toEqual(['b', 'c']);
		expect(inbox).toMatchObject({ queue: 7, mine: 2, counted: true });
		expect(inbox.lists.mine).toBe(newInbox.lists.mine);
	});

	it('appends a page; a row that moved stands once, where it is now', () => {
		const inbox = load(load(newInbox, page(['a', 'b'], 'n')), page(['a', 'c']), true);
		expect(ids(inbox)).toEqual(['b', 'a', 'c']);
		expect(inbox.lists.queue.cursor).toBe('');
	});

	it('a failure keeps the rows', () => {
		const problem = new Problem('late', 503, 'unavailable');
		const inbox = reduceInbox(load(newInbox, page(['a'])), { type: 'failed', view: 'queue', problem });
		expect(ids(inbox)).toEqual(['a']);
		expect(inbox.lists.queue.problem).toBe(problem);
		expect(load(inbox, page(['a'])).lists.queue.problem).toBeNull();
	});
});

describe('isUnread', () => {
	const cases: [string, Partial<ConversationRow>, number, boolean][] = [
		['waiting and never opened', {}, 0, true],
		['waiting and read', {}, 3, false],
		['waiting, and the bot had the last word', { last_from: 'bot' }, 0, true],
		['the bot has it', { owner: 'bot' }, 0, false],
		['an agent has it and the customer wrote', { owner: 'agent' }, 2, true],
		['an agent has it and spoke last', { owner: 'agent', last_from: 'agent' }, 0, false],
		['closed', { status: 'closed' }, 0, false],
	];
	it.each(cases)('%s', (_, change, read, want) => {
		expect(isUnread(row('a', change), read)).toBe(want);
	});
});

describe('neighbour', () => {
	const rows = [row('a'), row('b'), row('c')];
	it.each([
		[undefined, 1, 'a'],
		[undefined, -1, 'c'],
		['a', 1, 'b'],
		['b', -1, 'a'],
		['c', 1, 'c'],
		['a', -1, 'a'],
		['gone', 1, 'a'],
	] as const)('from %s by %i', (from, by, want) => {
		expect(neighbour(rows, from, by)).toBe(want);
	});
	it('of an empty list is none', () => {
		expect(neighbour([], 'a', 1)).toBeUndefined();
	});
});

// The same table as chat.Role.Can.
describe('can', () => {
	it.each([
		['owner', 'owner', true],
		['admin', 'owner', false],
		['admin', 'agent', true],
		['agent', 'agent', true],
		['agent', 'editor', false],
		['editor', 'agent', false],
		['editor', 'viewer', true],
		['viewer', 'agent', false],
		['viewer', 'viewer', true],
	] as const)('%s needs %s', (role, need, want) => {
		expect(can(role, need)).toBe(want);
	});
});
