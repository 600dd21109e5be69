// Where items are kept by key until they are done with: IndexedDB, one record each, so that tabs never write over each
// other. What it will not take (blocked, full, private) stays in the box, which never throws.

import type { Box } from './storage';

/** A browser may leave a request to open a database without an answer. */
const patience = 2_000;
/** The store of the database, and what names in the box begin with, which was the only place in earlier versions. */
const out = 'out:';

export class Shelf<T> {
	readonly #box: Box;
	readonly #db: Promise<IDBDatabase | undefined>;

	/** Nothing but the box is used without a database's name. */
	constructor(box: Box, name?: string) {
		this.#box = box;
		this.#db = new Promise<IDBDatabase>((done, fail) => {
			if (!name) return fail();
			setTimeout(fail, patience);
			const request = indexedDB.open(name);
			request.onupgradeneeded = () => request.result.createObjectStore(out);
			request.onsuccess = () => done(request.result);
			request.onerror = fail;
		}).catch(() => undefined);
	}

	/** All that is kept; what is found in the box may come twice, and moves. */
	async all(): Promise<T[]> {
		const left = this.#box.names(out).map((name) => {
			const item = this.#box.get<T>(name) as T;
			this.put(name.slice(out.length), item);
			return item;
		});
		return [...left, ...((await this.#in((s) => s.getAll())) ?? [])];
	}

	/** The box has it at once, until it is in the database: a page may be gone the moment after. */
	async put(key: string, item: T): Promise<void> {
		this.#box.set(out + key, item);
		if (await this.#in((s) => s.put(item, key))) this.#box.remove(out + key);
	}

	drop(key: string): void {
		this.#box.remove(out + key);
		this.#in((s) => s.delete(key));
	}

	/** The result of a request when it is done for good; undefined when it failed. */
	async #in(act: (s: IDBObjectStore) => IDBRequest) {
		try {
			const tx = ((await this.#db) as IDBDatabase).transaction(out, 'readwrite');
			const request = act(tx.objectStore(out));
			await new Promise((done, fail) => {
				tx.oncomplete = done;
				tx.onabort = fail;
			});
			return request.result;
		} catch {
			// there is none, it is full, or it was taken away meanwhile
		}
	}
}
