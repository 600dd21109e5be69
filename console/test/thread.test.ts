import { describe, expect, it } from 'vitest';
import { Problem } from '../src/api';
import type { ConversationView } from '../src/protocol';
import { newThread, reduceThread, type Thread } from '../src/state/thread';
import { entry } from './make';

const apply = (thread: Thread, ...entries: ReturnType<typeof entry>[]) =>
	reduceThread(thread, { type: 'entries', entries });
const seqs = (thread: Thread) => thread.log.map((e) => e.seq);
const change = (epoch: number, to: 'bot' | 'queue' | 'agent', agent = '') => ({
	kind: 'owner' as const,
	change: { from: 'bot' as const, to, status: 'open' as const, epoch, agent, name: agent && 'Jonas' },
});

describe('entries', () => {
	it('are taken in order, each once', () => {
		let thread = apply(newThread('c1'), entry(1), entry(2));
		thread = apply(thread, entry(1), entry(2), entry(3));
		expect(seqs(thread)).toEqual([1, 2, 3]);
		expect(thread.behind).toBe(false);
	});

	it('a repeat changes nothing at all', () => {
		const thread = apply(newThread('c1'), entry(1));
		expect(apply(thread, entry(1))).toBe(thread);
	});

	it('a gap is noticed and nothing behind it is taken', () => {
		const thread = apply(newThread('c1'), entry(1), entry(3));
		expect(seqs(thread)).toEqual([1]);
		expect(thread.behind).toBe(true);
		expect(reduceThread(thread, { type: 'caught_up' }).behind).toBe(false);
	});

	it('the two logs are numbered by themselves', () => {
		const thread = apply(newThread('c1'), entry(1), entry(1, { log: 'staff', kind: 'note' }), entry(2));
		expect(seqs(thread)).toEqual([1, 2]);
		expect(thread.staff.map((e) => e.seq)).toEqual([1]);
	});

	it('a reset forgets both logs', () => {
		const thread = reduceThread(apply(newThread('c1'), entry(1)), { type: 'reset' });
		expect(seqs(thread)).toEqual([]);
		expect(seqs(apply(thread, entry(1)))).toEqual([1]);
	});

	it('take their pending message and the typing of their sender away', () => {
		let thread = reduceThread(newThread('c1'), {
			type: 'pending',
			pending: [{ clientId: 'x', text: 'hi', note: false, at: 0 }],
		});
		thread = reduceThread(thread, { type: 'typing', from: { kind: 'customer', id: 'v1' }, until: 10 });
		thread = apply(thread, entry(1, { client_id: 'x' }));
		expect(thread.pending).toEqual([]);
		expect(thread.typing).toEqual([]);
	});
});

describe('holding', () => {
	const view = { owner: 'queue', status: 'open', epoch: 2 } as ConversationView;

	it('follows the owner entries', () => {
		const thread = apply(newThread('c1'), entry(1, change(2, 'queue')), entry(2, change(3, 'agent', 'a2')));
		expect(thread.holding).toMatchObject({ owner: 'agent', agent: 'a2', agentName: 'Jonas', epoch: 3 });
	});

	it('is not set back by an older view', () => {
		let thread = apply(newThread('c1'), entry(1, change(3, 'agent', 'a2')));
		thread = reduceThread(thread, { type: 'view', view });
		expect(thread.holding?.owner).toBe('agent');
	});

	it('is taken from a newer view', () => {
		let thread = apply(newThread('c1'), entry(1, change(1, 'bot')));
		thread = reduceThread(thread, { type: 'view', view });
		expect(thread.holding?.owner).toBe('queue');
	});
});

describe('what comes and goes', () => {
	it('a draft of an older epoch is void, and an entry ends any draft', () => {
		let thread = apply(newThread('c1'), entry(1, change(2, 'queue')));
		thread = reduceThread(thread, { type: 'draft', turn: 't1', epoch: 1, text: 'late' });
		expect(thread.draft).toBeNull();
		thread = reduceThread(thread, { type: 'draft', turn: 't2', epoch: 2, text: 'now' });
		expect(thread.draft?.text).toBe('now');
		expect(apply(thread, entry(2)).draft).toBeNull();
	});

	it('typing lasts until its time, once for each person', () => {
		let thread = reduceThread(newThread('c1'), { type: 'typing', from: { kind: 'customer', id: 'v1' }, until: 10 });
		thread = reduceThread(thread, { type: 'typing', from: { kind: 'customer', id: 'v1' }, until: 20 });
		expect(thread.typing).toHaveLength(1);
		expect(reduceThread(thread, { type: 'typing_over', now: 10 }).typing).toHaveLength(1);
		expect(reduceThread(thread, { type: 'typing_over', now: 20 }).typing).toHaveLength(0);
	});

	it('how far the customer has read never goes back', () => {
		let thread = reduceThread(newThread('c1'), { type: 'seen', from: { kind: 'customer' }, seq: 4 });
		thread = reduceThread(thread, { type: 'seen', from: { kind: 'customer' }, seq: 2 });
		thread = reduceThread(thread, { type: 'seen', from: { kind: 'agent' }, seq: 9 });
		expect(thread.seen).toBe(4);
	});

	it('a failure goes when a view comes', () => {
		const failed = reduceThread(newThread('c1'), { type: 'failed', problem: new Problem('no', 500, 'internal') });
		expect(failed.problem?.message).toBe('no');
		const view = { owner: 'bot', status: 'open', epoch: 1 } as ConversationView;
		expect(reduceThread(failed, { type: 'view', view }).problem).toBeNull();
	});
});
