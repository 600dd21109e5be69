// Who the customer is, for as long as the page says so: sessions in that name, tokens renewed before they end.

import { postSession } from '../../core/api';
import type { Client } from '../../core/client';
import { Refused } from '../../core/connection';
import type { Session, SessionRequest } from '../../protocol';
import { type Named, named, subject, type Who } from './who';

/** A new token is asked for so long before the old one ends, or at half of its time if that is later. */
const ahead = 60_000;
/** So often a callback that never gave a token may fail: some 10 seconds, as the connection comes again. */
const tries = 5;
/** Between two requests for a token that the page could not give. */
const pause = 5_000;

export class Identity {
	#who: Who = {};
	#named: Named = {};
	/** The session is in the name that the page gave. */
	#held = false;
	#timer: ReturnType<typeof setTimeout> | undefined;
	/** A token that was asked for while the connection still stood. */
	#next = '';
	/** Until when the last session counts, by a clock that nobody sets. */
	#until = 0;
	/** How often the callback may fail yet. */
	#left = tries;
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

	/**
	 * Resolves when the server has taken it. Rejects with its words, or with the callback's when that gives no token; then
	 * the customer stays nobody in particular.
	 */
	identify(who: Who): Promise<void> {
		clearTimeout(this.#timer);
		this.#next = '';
		return new Promise((ok, no) => {
			this.#named = named(who);
			this.#who = who;
			this.#end = { ok, no };
			this.#left = tries;
			this.#client.sign = (of) => this.#sign(of);
			this.#again();
		});
	}

	#again(): void {
		const { connection } = this.#client;
		connection.drop();
		connection.wake();
		connection.start(); // if it never was
	}

	async #sign(of: SessionRequest): Promise<Session> {
		try {
			const session = await this.#ask(of);
			this.#held = true;
			this.#left = Infinity; // it has given one, and will again
			this.#end?.ok();
			this.#renewBefore((session.left ?? 0) * 1000);
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
		if (this.#who.token === true) this.#named = { user_jwt: this.#next || (await this.#fresh()) };
		this.#next = '';
		const who = subject(this.#named);
		const { box } = this.#client;
		const before = box.get<string>('who');
		if (before && before !== who) this.#startOver();
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

	/** A token of the page's callback. What is none (a page of an error) throws as long as the last one counts. */
	async #fresh(): Promise<string> {
		const given = await this.#token().catch((e) => {
			throw --this.#left ? e : new Refused(`the callback for tokens failed: ${e.message}`);
		});
		const user_jwt = `${given}`;
		if (!subject({ user_jwt }) && performance.now() < this.#until) throw Error();
		return user_jwt;
	}

	/** left is in milliseconds, as the server counts them: the clock of this machine may be wrong. */
	#renewBefore(left: number): void {
		this.#until = performance.now() + left;
		if (left && this.#who.token === true) this.#renewIn(Math.max(left - ahead, left / 2, 1_000));
	}

	/** The next token is there before the connection is let go of: nothing waits for the page meanwhile. */
	#renewIn(ms: number): void {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(async () => {
			try {
				this.#next = await this.#fresh();
				this.#again();
			} catch {
				this.#renewIn(pause); // at its end the server says so, and the connection comes again
			}
		}, ms);
	}
}
