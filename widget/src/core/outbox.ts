// What the customer did and the server has not confirmed yet. Each item is kept under its own client id, so that two
// tabs of one customer never write over each other's; the ids are UUIDs v7, so sorting them gives the order of making.

import type { ChatClientFrame } from '../protocol';
import { after } from './ids';
import type { Shelf } from './shelf';

/** The frames that are kept until they are acknowledged. */
export type Kept = Extract<
	ChatClientFrame,
	{ t: 'send' | 'request_person' | 'contact' | 'rate' | 'confirm' | 'feedback' | 'transcript' }
>;

/** A kept frame. `failed` holds the server's words when it will not take it; `stored` that it has, its entry is to come. */
export interface Item {
	frame: Kept;
	at: number;
	failed?: string;
	stored?: boolean;
}

export class Outbox {
	items: Item[] = [];

	readonly #shelf: Shelf<Item>;
	#done = new Set<string>(); // what was removed while the shelf was read must not come back

	constructor(shelf: Shelf<Item>) {
		this.#shelf = shelf;
	}

	/** Takes in what an earlier page kept, or a tab that has ended, unless its entry has come. */
	async load(came: (id: string) => boolean): Promise<void> {
		for (const item of await this.#shelf.all()) {
			const id = item?.frame?.d?.client_id;
			if (came(id)) this.remove(id);
			else if (id && !this.find(id) && !this.#done.has(id)) {
				after(id);
				this.items = [...this.items, item].sort((a, b) => (a.frame.d.client_id < b.frame.d.client_id ? -1 : 1));
			}
		}
	}

	add(frame: Kept, at: number): Item {
		const item: Item = { frame, at };
		this.items = [...this.items, item];
		this.#keep(item);
		return item;
	}

	/** The first item that the server has not answered. */
	get next(): Item | undefined {
		return this.items.find((i) => !i.failed && !i.stored);
	}

	find(id: string | undefined): Item | undefined {
		return this.items.find((i) => i.frame.d.client_id === id);
	}

	/** The server has it. A message stays in sight until its entry comes; nothing else has anything to show. */
	acked(id: string): void {
		const item = this.find(id);
		if (!item) return;
		this.#forget(id);
		if (item.frame.t === 'send') this.#replace(id, { ...item, stored: true });
		else this.remove(id);
	}

	fail(id: string, words: string): void {
		const item = this.find(id);
		if (item) this.#replace(id, { ...item, failed: words }, true);
	}

	retry(id: string): void {
		const item = this.find(id);
		if (item) this.#replace(id, { frame: item.frame, at: item.at }, true);
	}

	remove(id: string): void {
		this.#forget(id);
		this.items = this.items.filter((i) => i.frame.d.client_id !== id);
	}

	/** Items of a conversation that can no longer be reached go into another one. */
	move(to: string): void {
		for (const { frame, at } of this.items) {
			const item = { frame: { ...frame, d: { ...frame.d, conversation: to } } as Kept, at };
			this.#replace(frame.d.client_id, item, true);
		}
	}

	#replace(id: string, item: Item, keep = false): void {
		this.items = this.items.map((i) => (i.frame.d.client_id === id ? item : i));
		if (keep) this.#keep(item);
	}

	#keep(item: Item): void {
		this.#shelf.put(item.frame.d.client_id, item);
	}

	#forget(id: string): void {
		this.#done.add(id);
		this.#shelf.drop(id);
	}
}
