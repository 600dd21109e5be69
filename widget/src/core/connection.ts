// One connection to the gateway, kept up for ever: session, socket, hello, and again after every loss.

import type { ChatClientFrame, ChatServerFrame, Hello, Session } from '../protocol';
import { Backoff } from './backoff';

/** off: not started; waiting: lost, the next attempt is set; stopped: the server said not to come back. */
export type Phase = 'off' | 'connecting' | 'up' | 'waiting' | 'stopped';

/** The part of a WebSocket that is used. It opens in a later task than that in which it is made. */
export interface Socket extends Pick<WebSocket, 'send' | 'close' | 'onopen' | 'onmessage' | 'onclose'> {
	addEventListener(type: 'message', heard: (e: MessageEvent) => void): void;
	addEventListener(type: 'close', ended: (e: CloseEvent) => void): void;
}

/** An answer that no later attempt will change, in words for the customer. */
export class Refused extends Error {}

/** What a connection needs from its owner. */
export interface Host {
	/** A new session: a socket token works once. Throws Refused when it is no use to try again. */
	session(): Promise<Session>;
	/** What carries the connection of a session. */
	socket(session: Session): Promise<Socket>;
	hello(): Omit<Hello, 'token'>;
	/** Every frame but drain, which is the connection's own business. */
	frame(frame: ChatServerFrame): void;
	/** Phase or failures changed; code is the close code of a loss. */
	changed(code?: number): void;
	/** The server refuses this visitor: forget who we were. */
	forget(): void;
	random(): number;
}

/** How long session and welcome may take, each. Beyond it a proxy or a dead network swallowed them. */
const patience = 10_000;
const tokenExpired = 4001;
const authRefused = 4501;
const firstTerminal = 4500;

export class Connection {
	phase: Phase = 'off';
	/** Attempts that failed since the last welcome. */
	failures = 0;
	/** Why it stopped: a close code from 4500 on, or the server's words. */
	why: number | string = '';
	/** When the next attempt is due, in milliseconds since 1970; in the past while it is under way. */
	next = 0;

	#ws: Socket | undefined;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#drain: ReturnType<typeof setTimeout> | undefined;
	#round = 0; // what belongs to an older attempt is ignored
	#refusals = 0;
	#backoff: Backoff;

	readonly #host: Host;

	constructor(host: Host) {
		this.#host = host;
		this.#backoff = new Backoff(() => host.random());
	}

	start(): void {
		if (this.phase === 'off') this.#connect();
	}

	/** Tries at once, if an attempt is due later. */
	wake(): void {
		if (this.phase !== 'waiting') return;
		this.#backoff.reset();
		this.#connect();
	}

	/** Lets go of a connection that may be dead, and starts again. */
	drop(): void {
		if (this.phase === 'up' || this.phase === 'connecting') this.#lost(1006);
	}

	/** Ends it for good. */
	stop(why: number | string = ''): void {
		this.why = why;
		this.#release();
		this.#set('stopped');
	}

	send(frame: ChatClientFrame): void {
		if (this.phase === 'up') this.#ws?.send(JSON.stringify(frame));
	}

	async #connect(): Promise<void> {
		this.#release();
		this.#set('connecting');
		const round = this.#round;
		try {
			const session = await this.#host.session();
			if (round !== this.#round) return;
			const ws = await this.#host.socket(session);
			if (round === this.#round) this.#open(ws, session.socket_token);
			else ws.close();
		} catch (err) {
			if (round !== this.#round) return;
			if (err instanceof Refused) this.stop(err.message);
			else this.#lost(1006);
		}
	}

	#open(ws: Socket, token: string): void {
		const round = this.#round;
		this.#ws = ws;
		this.#timer = setTimeout(() => this.#lost(1006), patience);
		ws.onopen = () => ws.send(JSON.stringify({ t: 'hello', d: { ...this.#host.hello(), token } }));
		ws.onclose = (e) => {
			if (round === this.#round) this.#lost(e.code);
		};
		ws.onmessage = (e) => {
			if (round !== this.#round) return;
			try {
				this.#receive(JSON.parse(e.data));
			} catch {
				// not of this protocol: nothing can be made of it
			}
		};
	}

	#receive(frame: ChatServerFrame): void {
		if (frame.t === 'drain') {
			// The node goes away. All its clients come at once: each waits for a part of the time it has.
			this.#drain ??= setTimeout(() => this.#connect(), this.#host.random() * frame.d.after_ms);
			return;
		}
		if (frame.t === 'welcome') {
			clearTimeout(this.#timer);
			this.failures = this.#refusals = 0;
			this.#backoff.up(Date.now());
			this.#set('up');
		}
		this.#host.frame(frame);
	}

	#lost(code: number): void {
		const draining = this.#drain;
		this.#drain = undefined; // release must not take it: it is the next attempt
		this.#release();
		this.#backoff.down(Date.now());
		if (code === authRefused && this.#refusals++ === 0) {
			this.#host.forget();
			this.#connect();
			return;
		}
		if (code >= firstTerminal) {
			clearTimeout(draining);
			this.stop(code);
			return;
		}
		this.failures++;
		if (draining) this.#timer = draining;
		else {
			const wait = this.#wait(code);
			this.next = Date.now() + wait;
			this.#timer = setTimeout(() => this.#connect(), wait);
		}
		this.#set('waiting', code);
	}

	/** An expired token is no fault of the network: a new one at once, but never in a tight loop. */
	#wait(code: number): number {
		return code === tokenExpired && this.failures === 1 ? 0 : this.#backoff.next();
	}

	#release(): void {
		this.#round++;
		clearTimeout(this.#timer);
		clearTimeout(this.#drain);
		this.#drain = undefined;
		const ws = this.#ws;
		this.#ws = undefined;
		if (!ws) return;
		ws.onopen = ws.onmessage = ws.onclose = null;
		ws.close();
	}

	#set(phase: Phase, code?: number): void {
		this.phase = phase;
		this.#host.changed(code);
	}
}
