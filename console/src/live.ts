import type { ConsoleClientFrame, ConsoleServerFrame } from './protocol';

/** Up: frames flow. Down: trying again at `retryAt`. Over: the server does not want us back; the page says why. */
export type LinkState =
	| { phase: 'connecting' }
	| { phase: 'up' }
	| { phase: 'down'; since: number; retryAt: number }
	| { phase: 'over'; code: number };

/** What of a WebSocket is needed. */
export interface Socket {
	send(data: string): void;
	close(code?: number): void;
	onopen: (() => void) | null;
	onclose: ((event: { code: number }) => void) | null;
	onmessage: ((event: { data: unknown }) => void) | null;
}

export interface LiveOptions {
	open: () => Socket;
	onFrame: (frame: ConsoleServerFrame) => void;
	/** Called each time the connection stands; follow again whatever is followed. */
	onUp: () => void;
	onState: (state: LinkState) => void;
	/** Called when a connection could not be opened, or was closed for want of a session: it may have ended. */
	onRefused: () => void;
	random?: () => number;
}

const firstDelay = 500;
const longestDelay = 30_000;
// A connection that stood this long was a good one: the next failure begins at the first delay again.
const goodAfter = 10_000;
// The server tells who is there every 25 s (protocol.PingEvery). A connection that has been silent for three times as
// long is a dead one that nobody has closed: the machine slept, or the network changed.
const silentFor = 75_000;
// protocol.CloseBadProtocol: from here on a client must not come back by itself.
const terminal = 4500;
// protocol.CloseAuthRefused: the session has ended.
const authRefused = 4501;

/**
 * The console's websocket: it stays connected for as long as it lives, with full-jitter backoff, and hands frames on.
 * What is followed, and from where, its owner knows: it says so anew in onUp.
 */
export class Live {
	private socket: Socket | null = null;
	private state: LinkState = { phase: 'connecting' };
	private failures = 0;
	private openedAt = 0;
	private downSince = 0;
	private drainWithin = 0;
	private timer: ReturnType<typeof setTimeout> | undefined;
	private silence: ReturnType<typeof setTimeout> | undefined;
	private stopped = true;

	constructor(private readonly options: LiveOptions) {}

	start(): void {
		if (!this.stopped) return;
		this.stopped = false;
		this.connect();
	}

	/** Closes for good; start opens again. */
	stop(): void {
		this.stopped = true;
		clearTimeout(this.timer);
		this.drop(1000);
		this.failures = 0;
		this.downSince = 0;
	}

	/** Tries at once, unless it is connected or the server has refused for good. */
	retryNow = (): void => {
		if (!this.stopped && this.state.phase === 'down') this.connect();
	};

	/** The connection is as good as gone: waiting for the socket to find out would take minutes. */
	lost = (): void => {
		if (this.stopped || !this.socket) return;
		this.drop(1000);
		this.down(false);
	};

	/** Sends a frame if the connection stands, and says whether it did. Frames are never kept for later. */
	send(frame: ConsoleClientFrame): boolean {
		if (!this.socket || this.state.phase !== 'up') return false;
		this.socket.send(JSON.stringify(frame));
		return true;
	}

	private connect(): void {
		clearTimeout(this.timer);
		if (this.state.phase !== 'down') this.set({ phase: 'connecting' });
		const socket = this.options.open();
		this.socket = socket;
		let opened = false;
		socket.onopen = () => {
			opened = true;
			this.openedAt = Date.now();
			this.downSince = 0;
			this.drainWithin = 0;
			this.heard();
			this.set({ phase: 'up' });
			this.options.onUp();
		};
		socket.onmessage = (event) => {
			this.heard();
			this.receive(event.data);
		};
		socket.onclose = (event) => {
			if (this.socket !== socket) return;
			this.socket = null;
			clearTimeout(this.silence);
			if (event.code >= terminal && event.code < 5000) {
				this.set({ phase: 'over', code: event.code });
				if (event.code === authRefused) this.options.onRefused();
				return;
			}
			if (opened && Date.now() - this.openedAt >= goodAfter) this.failures = 0;
			this.down(!opened);
		};
	}

	private receive(data: unknown): void {
		if (typeof data !== 'string') return;
		let frame: ConsoleServerFrame;
		try {
			frame = JSON.parse(data) as ConsoleServerFrame;
		} catch {
			return; // Not of this protocol: the next one may be.
		}
		if (frame.t === 'drain') {
			this.drainWithin = Math.max(1, frame.d?.after_ms ?? 0);
			this.drop(1000);
			this.down(false);
			return;
		}
		this.options.onFrame(frame);
	}

	private down(refused: boolean): void {
		const random = this.options.random ?? Math.random;
		const ceiling = this.drainWithin || Math.min(longestDelay, firstDelay * 2 ** this.failures);
		this.drainWithin = 0;
		this.failures++;
		const delay = random() * ceiling;
		const now = Date.now();
		this.downSince ||= now;
		this.timer = setTimeout(() => this.connect(), delay);
		this.set({ phase: 'down', since: this.downSince, retryAt: now + delay });
		if (refused) this.options.onRefused();
	}

	private heard(): void {
		clearTimeout(this.silence);
		this.silence = setTimeout(this.lost, silentFor);
	}

	private drop(code: number): void {
		const socket = this.socket;
		this.socket = null;
		clearTimeout(this.silence);
		if (!socket) return;
		socket.onopen = socket.onclose = socket.onmessage = null;
		socket.close(code);
	}

	private set(state: LinkState): void {
		this.state = state;
		this.options.onState(state);
	}
}

/** The socket beside the page, with the console's subprotocol. */
export function openSocket(): Socket {
	const url = new URL('/console/socket', location.href);
	url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
	return new WebSocket(url, 'frontdesk.console.v1') as unknown as Socket;
}
