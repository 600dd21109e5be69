// Several tabs on one connection. A tab that follows has a socket that leads to the tab that holds the lock; that one's
// hub sends on what the others say, and tells them what comes. Entries that somebody has already are dropped by each
// tab's log, so the hub keeps none.

import type { ChatClientFrame, ChatServerFrame } from '../../protocol';
import type { Socket } from '../connection';
import type { Tabs } from '../tabs';

/** What is said on the channel: of a tab to the hub, and back; without a tab, to all. */
export type Told =
	| { t: 'say'; tab: string; frame: ChatClientFrame }
	| { t: 'tell'; tab?: string; frame: ChatServerFrame }
	| { t: 'here' } // the leader is awake
	| { t: 'lead' } // there is another leader
	| { t: 'over'; code: number }; // the leader's connection has ended

/** A leader that is awake says so at once. One that sleeps loses the lock. */
const awakeWithin = 2_000;

const tokenExpired = 4001; // after which a client connects again at once
const firstTerminal = 4500;
const authRefused = 4501;

/** Tabs that wait for a lock, which is asked for once. */
const queued = new Set<string>();

export function follow(tabs: Tabs, name: string): Socket {
	if (!queued.has(name)) {
		queued.add(name);
		tabs.take(name, {}).then((got) => {
			queued.delete(name);
			if (got) tabs.again();
		});
	}
	return new Follower(name, () => tabs.take(name, { steal: true }).then((got) => got && tabs.again()));
}

class Follower implements Socket {
	onopen: Socket['onopen'] = null;
	onmessage: Socket['onmessage'] = null;
	onclose: Socket['onclose'] = null;
	// Short: the server takes an id of 64 bytes, and that of a frame comes behind it.
	readonly #tab = crypto.randomUUID().slice(0, 8);
	readonly #channel: BroadcastChannel;
	readonly #asleep: () => void;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(name: string, asleep: () => void) {
		this.#asleep = asleep;
		this.#channel = new BroadcastChannel(name);
		this.#channel.onmessage = ({ data }: MessageEvent<Told>) => this.#told(data);
		setTimeout(() => this.onopen?.call(this as never, new Event('open')));
	}

	send(text: string): void {
		const frame: ChatClientFrame = JSON.parse(text);
		// Which right a tab has, the leader has; the token was only for this tab.
		if (frame.t === 'hello') {
			frame.d.token = '';
			this.#timer = setTimeout(this.#asleep, awakeWithin);
		}
		this.#channel.postMessage({ t: 'say', tab: this.#tab, frame } satisfies Told);
	}

	/** Nobody listens beside the connection. */
	addEventListener(): void {}

	close(): void {
		clearTimeout(this.#timer);
		this.#channel.close();
	}

	#told(m: Told): void {
		if (m.t !== 'say') clearTimeout(this.#timer);
		if (m.t === 'lead') this.#end(tokenExpired);
		if (m.t === 'over') this.#end(m.code);
		if (m.t === 'tell' && (m.tab ?? this.#tab) === this.#tab)
			this.onmessage?.call(this as never, new MessageEvent('message', { data: JSON.stringify(m.frame) }));
	}

	#end(code: number): void {
		this.close();
		this.onclose?.call(this as never, { code } as CloseEvent);
	}
}

/** As Client's patience for an ack. */
const answerWithin = 10_000;

/** Between the id of a tab and that of its frame. */
const mark = ' ';

export class Hub {
	readonly #channel: BroadcastChannel;
	readonly #tabs: Tabs;
	#socket: Socket | undefined;
	/** The connection stands. */
	#up = false;
	/** Tabs that said hello before there was a welcome. */
	#early: Told[] = [];

	#answer: ReturnType<typeof setTimeout> | undefined;

	constructor(tabs: Tabs, channel: BroadcastChannel) {
		this.#tabs = tabs;
		this.#channel = channel;
		this.attach(tabs.socket);
		this.#up = tabs.line().phase === 'up';
	}

	/** The leader has another connection. */
	attach(socket: Socket | undefined): void {
		if (!socket || socket === this.#socket) return;
		this.#socket = socket;
		this.#up = false;
		const { send } = socket;
		socket.send = (text: string) => {
			send.call(socket, text);
			this.#sent(JSON.parse(text));
		};
		socket.addEventListener('message', ({ data }) => {
			if (socket === this.#socket) this.#heard(JSON.parse(data));
		});
		socket.addEventListener('close', ({ code }) => {
			if (socket !== this.#socket) return;
			this.#up = false;
			// Others than the leader may be known by now: they ask for themselves.
			this.#say({ t: 'over', code: code < firstTerminal || code === authRefused ? tokenExpired : code });
		});
	}

	/** A tab says something. */
	take(m: Told): void {
		if (m.t !== 'say') return;
		const { frame, tab } = m;
		if (frame.t !== 'hello') {
			this.#send({ ...frame, id: tab + mark + (frame.id ?? '') });
			// The leader itself waits for nothing, and would not see that the line is dead.
			if (frame.id && frame.t !== 'sync') this.#answer ??= setTimeout(() => this.#tabs.again(), answerWithin);
		} else if (this.#up) {
			this.#say({ t: 'tell', tab, frame: { t: 'welcome', d: { customer: '', node: '', online: false } } });
			for (const d of frame.d.follow ?? []) this.#send({ t: 'sync', id: tab + mark, d });
		} else {
			this.#early.push(m);
			this.#tabs.line().wake();
		}
	}

	/** What one tab has read is read in all. */
	#sent(frame: ChatClientFrame): void {
		if (frame.t !== 'read') return;
		const told: ChatServerFrame = { t: 'read', d: { ...frame.d, from: { kind: 'customer' } } };
		this.#say({ t: 'tell', frame: told });
		this.#socket?.onmessage?.call(this.#socket as never, new MessageEvent('message', { data: JSON.stringify(told) }));
	}

	#heard(frame: ChatServerFrame): void {
		clearTimeout(this.#answer);
		this.#answer = undefined;
		const id = 'id' in frame ? (frame.id ?? '') : '';
		const [tab = '', own] = id.split(mark);
		if (frame.t === 'welcome') {
			this.#up = true;
			for (const m of this.#early.splice(0)) this.take(m);
		} else if (own !== undefined) {
			this.#say({ t: 'tell', tab, frame: { ...frame, id: own } as ChatServerFrame });
		} else if (!id && frame.t !== 'drain') {
			this.#say({ t: 'tell', frame });
		}
	}

	#send(frame: ChatClientFrame): void {
		this.#socket?.send(JSON.stringify(frame));
	}

	#say(m: Told): void {
		this.#channel.postMessage(m);
	}
}
