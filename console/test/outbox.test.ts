import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Problem } from '../src/api';
import type { ReplyRequest } from '../src/protocol';
import { Outbox } from '../src/state/outbox';
import type { Pending } from '../src/state/thread';
import { memoryStorage } from './make';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const pending = (clientId: string, change: Partial<Pending> = {}): Pending => ({
	clientId,
	text: `text ${clientId}`,
	note: false,
	at: 0,
	...change,
});
const down = () => new Problem('down', 0, 'unavailable');

function setup(answers: (Problem | undefined)[] = [], storage = memoryStorage()) {
	const sent: ReplyRequest[] = [];
	const refused: string[] = [];
	let shown: Pending[] = [];
	const outbox = new Outbox({
		send: async (_, request) => {
			sent.push(request);
			const problem = answers.shift();
			if (problem) throw problem;
		},
		onChange: (_, now) => {
			shown = now;
		},
		onRefused: (_, problem) => refused.push(problem.message),
		storage,
		key: 'outbox',
		random: () => 1,
	});
	return { outbox, sent, refused, shown: () => shown, storage };
}

describe('Outbox', () => {
	it('sends in order, one at a time, and waits for the entry', async () => {
		const { outbox, sent, shown } = setup();
		outbox.add('c', pending('1'));
		outbox.add('c', pending('2', { note: true }));
		await vi.runAllTimersAsync();
		expect(sent).toEqual([
			{ client_id: '1', text: 'text 1' },
			{ client_id: '2', text: 'text 2', note: true },
		]);
		expect(shown().map((p) => p.stored)).toEqual([true, true]);
		outbox.drop('c', '1');
		expect(shown().map((p) => p.clientId)).toEqual(['2']);
	});

	it('is settled when the server has all of a conversation, or refused it', async () => {
		const refusal = new Problem('The conversation is closed.', 409, 'closed');
		const { outbox, sent } = setup([down(), undefined, refusal]);
		let settled = false;
		await outbox.settled('c');
		outbox.add('c', pending('1'));
		outbox.add('c', pending('2'));
		void outbox.settled('c').then(() => {
			settled = true;
		});
		await vi.advanceTimersByTimeAsync(999);
		expect([sent.length, settled]).toEqual([1, false]);
		await vi.advanceTimersByTimeAsync(1);
		expect([sent.length, settled]).toEqual([3, true]);
	});

	it('sends again under the same id until the server has it, and keeps the order meanwhile', async () => {
		const { outbox, sent } = setup([down(), down()]);
		outbox.add('c', pending('1'));
		outbox.add('c', pending('2'));
		await vi.runAllTimersAsync();
		expect(sent.map((r) => r.client_id)).toEqual(['1', '1', '1', '2']);
	});

	it('waits as long as the server asks', async () => {
		const { outbox, sent } = setup([new Problem('busy', 429, 'rate_limited', 10_000)]);
		outbox.add('c', pending('1'));
		await vi.advanceTimersByTimeAsync(9_999);
		expect(sent).toHaveLength(1);
		await vi.advanceTimersByTimeAsync(1);
		expect(sent).toHaveLength(2);
	});

	it('does not wait when the connection is back', async () => {
		const { outbox, sent } = setup([down()]);
		outbox.add('c', pending('1'));
		await vi.advanceTimersByTimeAsync(10);
		outbox.retryNow();
		await vi.advanceTimersByTimeAsync(0);
		expect(sent).toHaveLength(2);
	});

	it('keeps what was refused, with the reason, and goes on with the next', async () => {
		const { outbox, sent, refused, shown } = setup([new Problem('The conversation is closed.', 409, 'closed')]);
		outbox.add('c', pending('1'));
		outbox.add('c', pending('2'));
		await vi.runAllTimersAsync();
		expect(refused).toEqual(['The conversation is closed.']);
		expect(shown().map((p) => [p.clientId, p.refused])).toEqual([
			['1', 'The conversation is closed.'],
			['2', undefined],
		]);
		outbox.retry('c', '1');
		await vi.runAllTimersAsync();
		expect(sent.map((r) => r.client_id)).toEqual(['1', '2', '1']);
	});

	it('survives a reload, without what the server has', async () => {
		const first = setup([undefined, down()]);
		first.outbox.add('c', pending('1'));
		first.outbox.add('c', pending('2'));
		await vi.advanceTimersByTimeAsync(0);
		first.outbox.stop();
		const second = setup([], first.storage);
		second.outbox.start();
		await vi.runAllTimersAsync();
		expect(second.sent.map((r) => r.client_id)).toEqual(['2']);
	});

	it('leaves nothing behind in the storage when all is done', async () => {
		const { outbox, storage } = setup();
		outbox.add('c', pending('1'));
		await vi.runAllTimersAsync();
		outbox.drop('c', '1');
		expect(storage.length).toBe(0);
	});

	it('takes a broken storage for an empty one', () => {
		const storage = memoryStorage();
		storage.setItem('outbox', '{');
		expect(setup([], storage).outbox.of('c')).toEqual([]);
	});
});
