// A database of records by key. It never throws: what it will not take (blocked, full, private) is not in it.

/** The only store; named so in earlier versions. */
const store = 'out:';

/** Does one thing with the store; the result when it is done for good, undefined when it failed. */
export type Database = <T>(act: (s: IDBObjectStore) => IDBRequest<T>) => Promise<T | undefined>;

/** Opens a database. A browser may leave that without an answer, and so all that is done with it. */
export function database(name: string): Database {
	const opened = new Promise<IDBDatabase>((done, fail) => {
		const request = indexedDB.open(name);
		request.onupgradeneeded = () => request.result.createObjectStore(store);
		request.onsuccess = () => done(request.result);
		request.onerror = fail;
	}).catch(() => undefined);
	return async (act) => {
		try {
			const tx = ((await opened) as IDBDatabase).transaction(store, 'readwrite');
			const request = act(tx.objectStore(store));
			await new Promise((done, fail) => {
				tx.oncomplete = done;
				tx.onabort = fail;
			});
			return request.result;
		} catch {
			// there is none, it is full, or it was taken away meanwhile
		}
	};
}
