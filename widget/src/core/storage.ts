// Storage that never throws: localStorage where the browser lets us, memory where it does not (blocked, full, private).

/** The part of Storage that is used. */
export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Values of one inbox, kept as JSON under a prefix of their own. */
export class Box {
	#memory = new Map<string, string>();

	readonly #prefix: string;
	readonly #store: () => Store;

	constructor(prefix: string, store: () => Store) {
		this.#prefix = prefix;
		this.#store = store;
	}

	get<T>(name: string): T | undefined {
		const key = this.#prefix + name;
		let text = this.#memory.get(key);
		try {
			text ??= this.#store().getItem(key) ?? undefined;
			return text === undefined ? undefined : JSON.parse(text);
		} catch {
			return undefined;
		}
	}

	set(name: string, value: unknown): void {
		const key = this.#prefix + name;
		const text = JSON.stringify(value);
		try {
			this.#store().setItem(key, text);
			this.#memory.delete(key);
		} catch {
			this.#memory.set(key, text);
		}
	}

	remove(name: string): void {
		this.#memory.delete(this.#prefix + name);
		try {
			this.#store().removeItem(this.#prefix + name);
		} catch {
			// nothing is kept there, then
		}
	}

	/** The names under this box that begin with start, sorted. */
	names(start: string): string[] {
		const full = this.#prefix + start;
		const keys = new Set(this.#memory.keys());
		try {
			for (const key of Object.keys(this.#store())) keys.add(key);
		} catch {
			// memory only
		}
		return [...keys]
			.filter((k) => k.startsWith(full))
			.map((k) => k.slice(this.#prefix.length))
			.sort();
	}
}
