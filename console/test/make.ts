import type { Entry } from '../src/protocol';

/** An entry of a log, with what a test does not care about filled in. */
export function entry(seq: number, change: Partial<Entry> = {}): Entry {
	const log = change.log ?? 'public';
	return {
		conversation: 'c1',
		log,
		seq,
		client_id: `${log}-${seq}`,
		at: new Date(Date.UTC(2026, 10, 22, 10, seq)).toISOString(),
		from: { kind: 'customer', id: 'v1', name: 'Lena Brandt' },
		kind: 'message',
		text: `text ${seq}`,
		...change,
	};
}

/** A small generator, so that a random test can be run again: mulberry32. */
export function random(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}

export function memoryStorage(): Storage {
	const map = new Map<string, string>();
	return {
		getItem: (key) => map.get(key) ?? null,
		setItem: (key, value) => void map.set(key, value),
		removeItem: (key) => void map.delete(key),
		clear: () => map.clear(),
		key: (i) => [...map.keys()][i] ?? null,
		get length() {
			return map.size;
		},
	};
}
