// What the customer did and the server has not confirmed yet. Each item is kept under its own client id, so that two
// tabs of one customer never write over each other's; the ids are UUIDs v7, so sorting them gives the order of making.
// The box has an item at once: a page may be gone the moment after. The database, whose code comes with the first pane,
// has it too, for when the box is blocked or full.

import type { ChatClientFrame } from '../protocol';
import type { Database } from './database/database';
import { after } from './ids';
import type { Box } from './storage';

/** The frames that are kept until they are acknowledged. */
export type Kept = Extract<
	ChatClientFrame,
	{ t: 'send' | 'request_person' | 'end' | 'contact' | 'rate' | 'confirm' | 'feedback' | 'transcript' }
>;

/** A kept frame. `failed` holds the server's words when it will not take it; `stored` that it has, its entry is to come. */
export interface Item {
	frame: Kept;
	failed?: string | undefined;
	stored?: boolean | undefined;
}

/** How long a database is waited for. */
const patience = 2_000;
/** What names in the box begin with. */
const out = 'out:';

const idOf = (item: Item | undefined): string => item?.frame?.d?.client_id as string;

export class Outbox {
	items: Item[] = [];

	readonly #box: Box;
	readonly #database: Promise<Database | undefined>;
	#done = new Set<string>(); // what was removed while the places were read must not come back

	/** database gives what there is beside the box. */
	constructor(box: Box, database?: () => Promise<Database>) {
		this.#box = box;
		this.#database = Promise.resolve(database?.()).catch(() => undefined);
	}

	/** Takes in what an earlier page kept, or a tab that has ended, unless its entry has come. */
	async load(came: (id: string) => boolean): Promise<void> {
		const late = new Promise<Item[]>((go) => setTimeout(go, patience, []));
		const inBox = this.#box.names(out).map((name) => this.#box.get<Item>(name));
		for (const item of [...inBox, ...((await Promise.race([this.#in((s) => s.getAll()), late])) ?? [])]) {
			const id = idOf(item);
			if (came(id)) this.remove(id);
			else if (id && !this.find(id) && !this.#done.has(id)) {
				after(id);
				this.items = [...this.items, item as Item].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
			}
		}
	}

	add(frame: Kept, failed?: string): Item {
		const item: Item = { frame, failed };
		this.items = [...this.items, item];
		this.#keep(item);
		return item;
	}

	/** The first item that the server has not answered. */
	get next(): Item | undefined {
		return this.items.find((i) => !i.failed && !i.stored);
	}

	find(id: string | undefined): Item | undefined {
		return this.items.find((i) => idOf(i) === id);
	}

	/** The server has it. A message stays in sight until its entry comes; nothing else has anything to show. */
	acked(id: string): void {
		const item = this.find(id);
		if (item?.frame.t === 'send') {
			item.stored = true;
			this.#forget(id);
		} else this.remove(id);
	}

	/** With words, the server will not take it; without, it is to be tried again. */
	mark(id: string, failed?: string): void {
		const item = this.find(id);
		if (!item) return;
		item.failed = failed;
		this.#keep(item);
	}

	remove(id: string): void {
		this.items = this.items.filter((i) => idOf(i) !== id);
		this.#forget(id);
	}

	/** Items of a conversation that can no longer be reached go into another one. */
	move(to: string): void {
		for (const item of this.items) {
			item.frame.d.conversation = to;
			item.stored = false;
			this.mark(idOf(item));
		}
	}

	#keep(item: Item): void {
		const id = idOf(item);
		this.#box.set(out + id, item);
		this.#in((s) => s.put(item, id));
	}

	#forget(id: string): void {
		this.#done.add(id);
		this.#box.remove(out + id);
		this.#in((s) => s.delete(id));
	}

	async #in<T>(act: (s: IDBObjectStore) => IDBRequest<T>): Promise<T | undefined> {
		return (await this.#database)?.(act);
	}
}
