import { useSyncExternalStore } from 'react';

/** A value that can be watched. Setting the same value again tells nobody. */
export interface Store<T> {
	get(): T;
	set(next: T): void;
	update(change: (value: T) => T): void;
	subscribe(listener: () => void): () => void;
}

export function createStore<T>(initial: T): Store<T> {
	let value = initial;
	const listeners = new Set<() => void>();
	const set = (next: T) => {
		if (Object.is(next, value)) return;
		value = next;
		for (const listener of [...listeners]) listener();
	};
	return {
		get: () => value,
		set,
		update: (change) => set(change(value)),
		subscribe: (listener) => {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}

/** The part of a store that a component draws. Select must give the same value for the same state. */
export function useStore<T, S = T>(store: Store<T>, select: (value: T) => S = (value) => value as unknown as S): S {
	const snapshot = () => select(store.get());
	return useSyncExternalStore(store.subscribe, snapshot, snapshot);
}
