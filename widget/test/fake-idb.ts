// As much of IndexedDB as core/database uses, in memory, and with what goes wrong with it in browsers.

type Act = () => unknown;

export class FakeIndexedDB {
	records = new Map<string, unknown>();
	/** denied, unopened: it is blocked; silent: no answer ever; full: nothing more is taken; closed: it was taken away. */
	fault: '' | 'denied' | 'unopened' | 'silent' | 'full' | 'closed' = '';

	open() {
		if (this.fault === 'denied') throw new DOMException('denied', 'SecurityError');
		const request = { result: this.database(), onupgradeneeded: null, onsuccess: null, onerror: null } as Record<
			string,
			unknown
		>;
		setTimeout(() => {
			const { fault } = this;
			if (fault === 'silent') return;
			if (fault === 'unopened') (request.onerror as Act)();
			else {
				(request.onupgradeneeded as Act)();
				(request.onsuccess as Act)();
			}
		});
		return request;
	}

	private database() {
		return { createObjectStore: () => {}, transaction: () => this.transaction() };
	}

	private transaction() {
		if (this.fault === 'closed') throw new DOMException('closing', 'InvalidStateError');
		const tx: Record<string, unknown> = {};
		const { records } = this;
		const act = (run: Act, writes: boolean) => {
			const request: Record<string, unknown> = {};
			setTimeout(() => {
				if (writes && this.fault === 'full') {
					(tx.onabort as Act)();
					return;
				}
				request.result = run();
				(tx.oncomplete as Act)();
			});
			return request;
		};
		tx.objectStore = () => ({
			put: (value: unknown, key: string) => act(() => records.set(key, structuredClone(value)) && key, true),
			delete: (key: string) => act(() => void records.delete(key), false),
			getAll: () => act(() => [...records].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, v]) => v), false),
		});
		return tx;
	}
}
