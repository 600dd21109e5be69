// A gateway in memory that speaks the frames of frontdesk.chat.v1: a log per conversation, exactly-once appends by client
// id, and faults on request.

import type { Socket } from '../src/core/connection';
import type {
	ChatClientFrame,
	ChatServerFrame,
	ConversationSummary,
	Entry,
	ErrorFrame,
	Session,
} from '../src/protocol';
import { bot, customer, system } from './fixtures';

export class FakeServer {
	logs = new Map<string, Entry[]>();
	/** Every frame that came in, over all connections. */
	received: ChatClientFrame[] = [];
	sessions: (string | undefined)[] = [];
	sockets: FakeSocket[] = [];
	visitor = 'visitor-1';
	/** Each connection is cut after so many frames in one direction. */
	cutAfter: { in?: number; out?: number } = {};
	/** The line is cut once, after so many frames in one direction, over all connections. */
	cutAt: { in?: number; out?: number } = {};
	/** Frames that went in each direction. */
	passed = { in: 0, out: 0 };
	cuts = 0;
	/** Nothing that the server says arrives. */
	mute = false;
	/** Answers a send with an error instead of storing it. */
	refuse: (frame: ChatClientFrame) => Partial<ErrorFrame> | undefined = () => undefined;
	sessionFails: () => Error | undefined = () => undefined;
	/** The bot repeats every message. */
	echo = false;
	private lines = new Map<string, FakeLine>();
	private used = new Set<string>();
	private issued = 0;

	async session(token: string | undefined): Promise<Session> {
		this.sessions.push(token);
		const fault = this.sessionFails();
		if (fault) throw fault;
		const conversations: ConversationSummary[] = [...this.logs].map(([id, log]) => ({
			id,
			subject: '',
			status: log.findLast((e) => e.change)?.change?.status ?? 'open',
			last_seq: log.length,
			at: '2026-11-21T10:00:00Z',
		}));
		return {
			customer: `customer-of-${this.visitor}`,
			visitor_token: this.visitor,
			file_token: 'files',
			socket_token: `socket-${++this.issued}`,
			level: 'anonymous',
			inbox: {
				name: 'x',
				brand: 'Kessel & Korn',
				bot: '',
				greeting: '',
				starters: [],
				online: true,
			},
			conversations,
		};
	}

	socket(): FakeSocket {
		const s = new FakeSocket(this);
		this.sockets.push(s);
		// Later than who asked for it has it, and at the same moment by the clock of a test.
		(async () => {
			for (let i = 0; i < 10; i++) await null;
			s.opened();
		})();
		return s;
	}

	/** Answers the requests that carry a connection. */
	async fetch(address: string, init: RequestInit): Promise<Partial<Response>> {
		const body = String(init.body);
		const key = new Headers(init.headers).get('Authorization')?.slice('Bearer '.length);
		let line = this.lines.get(key ?? '');
		const over = line?.socket.readyState !== 1 && address === '/v1/frames';
		if (key && (!line || over)) {
			await new Promise((go) => setTimeout(go, 400)); // a poll is answered meanwhile
			return { ok: false, status: 404 };
		}
		if (!line) {
			const socket = new FakeSocket(this);
			this.sockets.push(socket);
			line = new FakeLine(socket, `key-${this.sockets.length}`);
			this.lines.set(line.key, line);
			socket.opened();
			socket.send(body);
		}
		if (address === '/v1/frames') {
			for (const frame of JSON.parse(body)) line.socket.send(JSON.stringify(frame));
			await null;
			return { ok: true, status: 204 };
		}
		const { waiting } = line;
		init.signal?.addEventListener('abort', () =>
			waiting.splice(0).forEach(([, fail]) => void fail(new Error('aborted'))),
		);
		if (address === '/v1/poll') {
			const frames = await line.next();
			return { ok: true, json: async () => frames };
		}
		const read = async () => {
			const text = (await line.next()).map((f) => `data: ${JSON.stringify(f)}\n\n`).join('');
			return { done: !text, value: new TextEncoder().encode(text) };
		};
		return {
			ok: true,
			headers: new Headers({ 'Content-Type': 'text/event-stream' }),
			body: { getReader: () => ({ read }) } as never,
		};
	}

	get last(): FakeSocket {
		const s = this.sockets.at(-1);
		if (!s) throw new Error('nobody has connected');
		return s;
	}

	/** A token works once. */
	redeem(token: string): boolean {
		if (this.used.has(token)) return false;
		this.used.add(token);
		return true;
	}

	append(conversation: string, e: Omit<Partial<Entry>, 'client_id'> & { client_id: string }): Entry {
		const log = this.logs.get(conversation) ?? [];
		this.logs.set(conversation, log);
		const known = log.find((x) => x.client_id === e.client_id);
		if (known) return known;
		const stored: Entry = {
			conversation,
			log: 'public',
			seq: log.length + 1,
			at: '2026-11-21T10:00:00Z',
			kind: 'message',
			from: customer,
			...e,
		};
		log.push(stored);
		for (const s of this.sockets) s.relay(stored);
		return stored;
	}
}

type Listener = (e: never) => void;

export class FakeSocket implements Socket {
	readyState = 0;
	onopen: Socket['onopen'] = null;
	onmessage: Socket['onmessage'] = null;
	onclose: Socket['onclose'] = null;
	following = new Map<string, number>();
	greeted = false;
	private readonly frames = { in: 0, out: 0 };

	private readonly listeners: [type: string, listener: Listener][] = [];

	constructor(private readonly server: FakeServer) {}

	addEventListener(type: string, listener: Listener): void {
		this.listeners.push([type, listener]);
	}

	private emit(type: string, event: unknown): void {
		for (const [t, listener] of this.listeners) if (t === type) listener(event as never);
	}

	opened(): void {
		if (this.readyState !== 0) return;
		this.readyState = 1;
		this.onopen?.call(this as never, new Event('open'));
	}

	send(data: string): void {
		if (this.readyState !== 1) return;
		const frame: ChatClientFrame = JSON.parse(data);
		this.server.received.push(frame);
		queueMicrotask(() => this.handle(frame));
	}

	close(): void {
		this.readyState = 3;
	}

	/** The server or the network ends it. */
	drop(code = 1006): void {
		if (this.readyState === 3) return;
		this.readyState = 3;
		this.onclose?.call(this as never, { code } as CloseEvent);
		this.emit('close', { code });
	}

	tell(frame: ChatServerFrame): void {
		if (this.readyState !== 1) return;
		if (this.server.mute) return;
		const message = { data: JSON.stringify(frame) } as MessageEvent;
		this.onmessage?.call(this as never, message);
		this.emit('message', message);
		this.count('out');
	}

	private count(direction: 'in' | 'out'): void {
		const { cutAfter, cutAt, passed } = this.server;
		this.frames[direction]++;
		passed[direction]++;
		if (this.frames[direction] !== cutAfter[direction] && passed[direction] !== cutAt[direction]) return;
		this.server.cuts++;
		this.drop();
	}

	relay(e: Entry): void {
		const after = this.following.get(e.conversation);
		if (after === undefined || e.seq <= after) return;
		this.following.set(e.conversation, e.seq);
		this.tell({ t: 'entry', d: e });
	}

	private handle(frame: ChatClientFrame): void {
		if (this.readyState !== 1) return;
		if (!this.greeted) {
			if (frame.t !== 'hello') {
				this.drop(4500);
				return;
			}
			if (!this.server.redeem(frame.d.token)) {
				this.drop(4001);
				return;
			}
			this.greeted = true;
			this.tell({ t: 'welcome', d: { customer: 'c', node: 'n', online: true } });
			for (const f of frame.d.follow ?? [])
				if (this.server.logs.has(f.conversation)) this.follow(f.conversation, f.after);
			return;
		}
		this.answer(frame);
		this.count('in');
	}

	private answer(frame: ChatClientFrame): void {
		if (frame.t === 'sync') {
			if (this.server.logs.has(frame.d.conversation)) this.follow(frame.d.conversation, frame.d.after);
			else this.fail(frame, { code: 'not_found', message: 'There is no such conversation.' });
		}
		if (frame.t === 'request_person') {
			const { conversation, client_id } = frame.d;
			const change = { from: 'bot', to: 'queue', status: 'open', epoch: 2 } as const;
			const { seq } = this.server.append(conversation, { client_id: 'queued', kind: 'owner', from: system, change });
			this.tell({ t: 'ack', id: frame.id ?? '', d: { conversation, client_id, seq } });
		}
		if (frame.t === 'end') {
			const { conversation, client_id } = frame.d;
			const ended = this.server.logs.get(conversation)?.find((e) => e.change?.status === 'closed');
			const change = { from: 'bot', to: 'bot', status: 'closed', epoch: 9 } as const;
			const { seq } = ended ?? this.server.append(conversation, { client_id, kind: 'owner', change });
			this.tell({ t: 'ack', id: frame.id ?? '', d: { conversation, client_id, seq } });
		}
		if (frame.t !== 'send') return;
		const refusal = this.server.refuse(frame);
		if (refusal) {
			this.fail(frame, { code: 'internal', message: 'No.', ...refusal });
			return;
		}
		const { conversation, client_id, text } = frame.d;
		const known = this.server.logs.get(conversation)?.some((e) => e.client_id === client_id);
		const e = this.server.append(conversation, { client_id, text });
		this.tell({ t: 'ack', id: frame.id ?? '', d: { conversation, client_id, seq: e.seq } });
		if (this.server.echo && !known) this.server.append(conversation, { client_id: `re-${client_id}`, from: bot, text });
	}

	private fail(frame: ChatClientFrame, d: ErrorFrame): void {
		this.tell({ t: 'error', id: frame.id ?? '', d });
	}

	private follow(conversation: string, after: number): void {
		const log = this.server.logs.get(conversation) ?? [];
		if (after > log.length) {
			this.tell({ t: 'reset', d: { conversation } });
			return;
		}
		this.following.set(conversation, after);
		for (const e of log.slice(after)) this.relay(e);
	}
}

type Next = [done: (frames: ChatServerFrame[]) => void, fail: (why: Error) => void];

/** A connection that requests carry: what the socket says waits here for the request that fetches it. */
class FakeLine {
	waiting: Next[] = [];
	private frames: ChatServerFrame[] = [];
	private cut = false;

	constructor(
		readonly socket: FakeSocket,
		readonly key: string,
	) {
		socket.onmessage = (e) => {
			const frame: ChatServerFrame = JSON.parse(e.data);
			if (frame.t === 'welcome') frame.d.key = key;
			this.push(frame);
		};
		socket.onclose = ({ code }) => {
			this.cut = true;
			if (code !== 1006) this.push({ t: 'close', d: { code, reason: '' } });
			else for (const [, fail] of this.waiting.splice(0)) fail(new Error('cut'));
		};
	}

	/** What there is, or the first that comes. What was said before a cut arrives. */
	next(): Promise<ChatServerFrame[]> {
		if (this.frames.length) return Promise.resolve(this.frames.splice(0));
		if (this.cut) return Promise.reject(new Error('cut'));
		return new Promise((done, fail) => this.waiting.push([done, fail]));
	}

	private push(frame: ChatServerFrame): void {
		this.frames.push(frame);
		this.waiting.shift()?.[0](this.frames.splice(0));
	}
}
