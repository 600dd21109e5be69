// The bytes of files that are to be sent, until they are: in IndexedDB, so that a reload loses none of them, and in
// memory, where a browser lets us have nothing else (blocked, full, private).

import { database } from '../../core/database/database';

interface Kept {
	key: string;
	blob: Blob;
}

const kept = database('frontdesk-files');
/** How long the database is waited for. */
const patience = 2_000;
const memory = new Map<string, Blob>();

/** All that is kept is known. */
export let loaded = false;

/** Takes in what an earlier page kept, and drops what nobody wants any more. */
export async function load(wanted: string[]): Promise<void> {
	const late = new Promise<undefined>((go) => setTimeout(go, patience));
	const all: Kept[] | undefined = await Promise.race([kept((s) => s.getAll()), late]);
	for (const { key, blob } of all ?? []) {
		if (memory.has(key)) continue;
		if (wanted.includes(key)) memory.set(key, blob);
		else drop(key);
	}
	loaded = true;
}

/** Keeps a file under a key of its own. */
export function put(key: string, blob: Blob): void {
	memory.set(key, blob);
	kept((s) => s.put({ key, blob }, key));
}

/** A file; undefined when it is no longer there. */
export const get = (key: string): Blob | undefined => memory.get(key);

export function drop(key: string): void {
	memory.delete(key);
	kept((s) => s.delete(key));
}
