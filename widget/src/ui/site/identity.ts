// Who the customer is, for as long as the page says so: sessions in that name, tokens renewed before they end.

import { postSession } from '../../core/api';
import type { Client } from '../../core/client';
import { Refused } from '../../core/connection';
import type { Session, SessionRequest } from '../../protocol';
import { type Named, named, subject, type Who } from './who';

/** A new token is asked for so long before the old one ends, or at half of its time if that is later. */
const ahead = 60_000;
/** What setTimeout can count. */
const longest = 2 ** 31 - 1;

export class Identity {
	#who: Who = {};
	#named: Named = {};
	/** The session is in the name that the page gave. */
	#held = false;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#end: { ok: () => void; no: (err: unknown) => void } | undefined;
	readonly #client: Client;
	readonly #token: () => Promise<unknown>;
	readonly #startOver: () => void;

	/** token asks the page's callback; startOver forgets what this window holds, but not what the page says. */
	constructor(client: Client, token: () => Promise<unknown>, startOver: () => void) {
		this.#client = client;
		this.#token = token;
		this.#startOver = startOver;
	}

	/** Resolves when the server has taken it. Rejects with its words; then the customer stays nobody in particular. */
	identify(who: Who): Promise<void> {
		return new Promise((ok, no) => {
			this.#named = named(who);
			this.#who = who;
			this.#end = { ok, no };
			this.#client.sign = (of) => this.#sign(of);
			this.#again();
		});
	}

	#again(): void {
		const { connection } = this.#client;
		if (connection.phase === 'off') connection.start();
		connection.drop();
		connection.wake();
	}

	async #sign(of: SessionRequest): Promise<Session> {
		try {
			const session = await this.#ask(of);
			this.#held = true;
			this.#end?.ok();
			this.#renewBefore(session.until);
			return session;
		} catch (e) {
			if (!(e instanceof Refused)) throw e; // the connection tries again
			this.#end?.no(e);
			this.#client.sign = undefined;
			// What was said in that name is not for whoever sits there now.
			if (this.#held) this.#startOver();
			console.warn(`Frontdesk: ${e.message}`);
			return postSession(of);
		}
	}

	async #ask(of: SessionRequest, again = this.#who.token === true): Promise<Session> {
		if (this.#who.token === true) this.#named = { user_jwt: `${await this.#token()}` };
		const who = subject(this.#named);
		const { box } = this.#client;
		const before = box.get<string>('who');
		if (before && before !== who) {
			box.remove('who');
			this.#startOver();
		}
		try {
			const session = await postSession({ ...of, ...this.#named });
			box.set('who', who);
			// A visitor that the browser has none of: tabs of one customer are one, those of two are not.
			session.visitor_token ||= `named:${who}`;
			return session;
		} catch (e) {
			if (again && e instanceof Refused) return this.#ask(of, false); // it may have ended on its way
			throw e;
		}
	}

	#renewBefore(until: string | undefined): void {
		clearTimeout(this.#timer);
		if (!until || this.#who.token !== true) return;
		const left = Date.parse(until) - Date.now();
		this.#timer = setTimeout(() => this.#again(), Math.min(longest, Math.max(left - ahead, left / 2, 1_000)));
	}
}
