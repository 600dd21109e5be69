// The bytes of files that are to be sent, until they are: in IndexedDB, so that a reload loses none of them, and in
// memory, where a browser lets us have nothing else (blocked, full, private).

import { Shelf } from '../../core/shelf';
import { Box } from '../../core/storage';

interface Kept {
	key: string;
	blob: Blob;
}

// Bytes are nothing for the box, which keeps texts.
const nowhere = () => {
	throw Error();
};
const shelf = new Shelf<Kept>(new Box('', nowhere), 'frontdesk-files');
const memory = new Map<string, Blob>();

/** All that is kept is known. */
export let loaded = false;

/** Takes in what an earlier page kept, and drops what nobody wants any more. */
export async function load(wanted: string[]): Promise<void> {
	for (const { key, blob } of await shelf.all()) {
		if (memory.has(key)) continue;
		if (wanted.includes(key)) memory.set(key, blob);
		else shelf.drop(key);
	}
	loaded = true;
}

/** Keeps a file under a key of its own. */
export function put(key: string, blob: Blob): void {
	memory.set(key, blob);
	shelf.put(key, { key, blob });
}

/** A file; undefined when it is no longer there. */
export const get = (key: string): Blob | undefined => memory.get(key);

export function drop(key: string): void {
	memory.delete(key);
	shelf.drop(key);
}
