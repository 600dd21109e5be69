// Entries for tests, numbered and dated.

import type { Change, Entry, Kind, Sender } from '../src/protocol';

export const conversation = '0192f000-0000-7000-8000-000000000001';
export const customer: Sender = { kind: 'customer' };
export const bot: Sender = { kind: 'bot' };
export const system: Sender = { kind: 'system' };
export const ana: Sender = { kind: 'agent', id: 'a', name: 'Ana' };

export function entry(seq: number, kind: Kind, from: Sender, rest: Partial<Entry> = {}): Entry {
	return {
		conversation,
		log: 'public',
		seq,
		client_id: `entry-${seq}`,
		at: new Date(Date.UTC(2026, 10, 21, 10, seq)).toISOString(),
		kind,
		from,
		...rest,
	};
}

export function moved(seq: number, to: Change['to'], rest: Partial<Change> = {}): Entry {
	return entry(seq, 'owner', system, { change: { from: 'bot', to, status: 'open', epoch: seq, ...rest } });
}
