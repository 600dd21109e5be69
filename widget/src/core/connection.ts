// One connection to the gateway, kept up for ever: session, socket, hello, and again after every loss.

import type { ChatClientFrame, ChatServerFrame, Hello, Session } from '../protocol';

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
	/** Every frame of the server. */
	frame(frame: ChatServerFrame): void;
	/** Phase or failures changed; code is the close code of a loss. */
	changed(code?: number): void;
	/** The server refuses this visitor: forget who we were. */
	forget(): void;
	random(): number;
}

/** How long session and welcome may take, each. Beyond it a proxy or a dead network swallowed them. */
const patience = 10_000;
/**
 * How long to wait before the next attempt: full jitter under a ceiling that doubles (the "full jitter" of AWS's 2015
 * study), so that a thousand clients that lost the same node do not come back at the same moment.
 */
const first = 500;
const most = 30_000;
/** A connection that held this long was a good one: the next loss starts from the beginning. */
const goodAfter = 10_000;
const tokenExpired = 4001;
const authRefused = 4501;
const firstTerminal = 4500;

type Timer = ReturnType<typeof setTimeout> | undefined;

export class Connection {
	phase: Phase = 'off';
	/** Attempts that failed since the last welcome. */
	failures = 0;
	/** Why it stopped: a close code from 4500 on, or the server's words. */
	why: number | string = '';
	/** When the next attempt is due, in milliseconds since 1970; in the past while it is under way. */
	next = 0;

	#ws: Socket | undefined;
	#timer: Timer; // of the connection that there is
	#next: Timer; // the next attempt is set
	#round = 0; // what belongs to an older attempt is ignored
	#attempt = 0;
	#refusals = 0;

	readonly #host: Host;

	constructor(host: Host) {
		this.#host = host;
	}

	start(): void {
		if (this.phase === 'off') this.#connect();
	}

	/** Tries at once, if an attempt is due later. The world changed: the next failure counts as the first. */
	wake(): void {
		if (this.phase !== 'waiting') return;
		this.#attempt = 0;
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
		this.#ws = ws;
		this.#timer = setTimeout(() => this.#lost(1006), patience);
		ws.onopen = () => ws.send(JSON.stringify({ t: 'hello', d: { ...this.#host.hello(), token } }));
		ws.onclose = (e) => this.#lost(e.code);
		ws.onmessage = (e) => {
			try {
				this.#receive(JSON.parse(e.data));
			} catch {
				// not of this protocol: nothing can be made of it
			}
		};
	}

	#receive(frame: ChatServerFrame): void {
		// The node goes away. All its clients come at once: each waits for a part of the time it has.
		if (frame.t === 'drain') this.#later(frame.d.after_ms);
		if (frame.t === 'welcome') {
			clearTimeout(this.#timer);
			this.#timer = setTimeout(() => {
				this.#attempt = 0;
			}, goodAfter);
			this.failures = this.#refusals = 0;
			this.#set('up');
		}
		this.#host.frame(frame);
	}

	#lost(code: number): void {
		this.#leave();
		if (code === authRefused && !this.#refusals++) {
			this.#host.forget();
			this.#connect();
		} else if (code >= firstTerminal) this.stop(code);
		else {
			this.failures++;
			// An expired token is no fault of the network: a new one at once, but never in a tight loop.
			const soon = code === tokenExpired && this.failures === 1;
			this.#later(soon ? 0 : Math.min(most, first * 2 ** this.#attempt++));
			this.#set('waiting', code);
		}
	}

	/** Sets the next attempt within ms, unless it is set. */
	#later(ms: number): void {
		if (this.#next) return;
		const wait = this.#host.random() * ms;
		this.next = Date.now() + wait;
		this.#next = setTimeout(() => this.#connect(), wait);
	}

	/** Before another attempt, or none. */
	#release(): void {
		clearTimeout(this.#next);
		this.#next = undefined;
		this.#leave();
	}

	#leave(): void {
		this.#round++;
		clearTimeout(this.#timer);
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
