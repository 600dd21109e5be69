// What the page says of the customer: attributes, events, pages seen. Nothing leaves before it may: where the inbox asks
// for consent, not before that; never where the browser asks not to be tracked; no pages once the conversation is over.

import type { Client } from '../../core/client';
import { newId } from '../../core/ids';
import type { ChatClientFrame, ChatServerFrame, SetContext } from '../../protocol';

type Tracked = Extract<ChatClientFrame, { t: 'consent' | 'context' | 'event' | 'visit' }>;
interface Item {
	frame: Tracked;
	/** true: the server has kept it; false: it was not sent, or may not have arrived. */
	ok(kept: boolean): void;
	no(err: Error): void;
}

/** So many wait while there is no connection. */
const most = 50;

/** The browser asks not to be tracked: Do Not Track, Global Privacy Control. */
const refused = () =>
	navigator.doNotTrack === '1' || !!(navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl;

export class Tracking {
	#due: Item[] = [];
	#sent = new Map<string, Item>();
	/** What was said before consent, which is sent with it. */
	#context: SetContext['attributes'] = {};
	#seen = '';
	readonly #client: Client;

	constructor(client: Client) {
		this.#client = client;
	}

	get allowed(): boolean {
		const { face, box } = this.#client;
		return !refused() && !!face && (!face.privacy?.consent || box.get<boolean>('consent') === true);
	}

	/** The customer agrees, or no longer does; it counts until it is said again. */
	consent(given: boolean): Promise<boolean> {
		if (refused()) return Promise.resolve(false);
		this.#client.box.set('consent', given);
		this.#seen = '';
		const done = this.#send({ t: 'consent', d: { given } });
		const attributes = this.#context;
		this.#context = {};
		if (given && Object.keys(attributes).length) this.context(attributes);
		return done;
	}

	/** Resolves to false if it is not kept now: without consent it waits for that. */
	context(attributes: SetContext['attributes']): Promise<boolean> {
		if (!Object.keys(attributes).length) return Promise.resolve(true);
		if (this.allowed) return this.#send({ t: 'context', d: { attributes } });
		if (!refused()) Object.assign(this.#context, attributes);
		return Promise.resolve(false);
	}

	async event(name: string, properties?: SetContext['attributes']): Promise<boolean> {
		return this.allowed && this.#send({ t: 'event', d: { name, properties } });
	}

	/** After each change of the client: the page that is seen, and what waits for the connection. */
	serve(): void {
		const client = this.#client;
		const up = client.connection.phase === 'up';
		const { url } = client.page;
		if (up && url && url !== this.#seen && client.face?.privacy?.page_views && this.allowed && !this.#over()) {
			this.#seen = url;
			this.#send({ t: 'visit', d: { page: client.page } }).catch(() => {}); // the server's word counts
		}
		if (!up) {
			for (const item of this.#sent.values()) item.ok(false);
			this.#sent.clear();
			return;
		}
		for (const item of this.#due.splice(0)) {
			const id = newId();
			this.#sent.set(id, item);
			client.connection.send({ ...item.frame, id });
		}
	}

	/** The server's answer to what was sent. */
	heard(frame: ChatServerFrame): void {
		const id = frame.id ?? '';
		const item = this.#sent.get(id);
		if (!item || (frame.t !== 'ack' && frame.t !== 'error')) return;
		this.#sent.delete(id);
		if (frame.t === 'ack') item.ok(true);
		// Where it is not kept, that is no fault of the page.
		else if (frame.d.code === 'forbidden' || frame.d.code === 'closed') item.ok(false);
		else item.no(new Error(frame.d.message));
	}

	#send(frame: Tracked): Promise<boolean> {
		return new Promise((ok, no) => {
			this.#due.push({ frame, ok, no });
			if (this.#due.length > most) this.#due.shift()?.ok(false);
			this.serve();
		});
	}

	/** There were conversations, and none is open any more. */
	#over(): boolean {
		const { conversations, current, log } = this.#client;
		if (current && log.seq) return log.entries.findLast((e) => e.change)?.change?.status === 'closed';
		return conversations.length > 0 && conversations.every((c) => c.status === 'closed');
	}
}
