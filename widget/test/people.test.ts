import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Client } from '../src/core/client';
import { typing, writing } from '../src/ui/people/People';
import { ana, bot, conversation, moved } from './fixtures';

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

/** As much of a client as is asked. */
function clientWith(told: Client['told']) {
	const send = vi.fn();
	const client = {
		told,
		current: conversation,
		log: { entries: [moved(1, 'agent', { name: 'Ana' })] },
		connection: { send },
	};
	return { client: client as unknown as Client, send };
}

test('who writes is shown for 5 s after each word of it, and only people are', () => {
	const { client } = clientWith({ typing: { conversation, from: ana } });
	expect(typing(client)).not.toBeNull();
	vi.advanceTimersByTime(4_900);
	expect(typing(client)).not.toBeNull();
	vi.advanceTimersByTime(150);
	expect(typing(client)).toBeNull();
	client.told.typing = { conversation, from: ana };
	expect(typing(client)).not.toBeNull();
	client.told.typing = { conversation, from: bot };
	expect(typing(client)).toBeNull();
	client.told.typing = undefined;
	expect(typing(client)).toBeNull();
});

test('that the customer writes is told every 3 s at most', () => {
	vi.setSystemTime('2026-11-21T10:00:00Z');
	const { client, send } = clientWith({});
	for (let ms = 0; ms < 7_000; ms += 500) {
		writing(client);
		vi.advanceTimersByTime(500);
	}
	expect(send.mock.calls).toEqual(Array(3).fill([{ t: 'typing', d: { conversation } }]));
});
