import type { Socket } from '../src/live';
import type { ConsoleClientFrame, Entry, ReplyRequest, Subscribe } from '../src/protocol';
import { entry } from './make';

/**
 * A server of one conversation, as the contract has it: two logs, replies that are stored once for a client id, and
 * sockets that can be cut at any moment. What is on its way when a socket is cut is lost.
 */
export class FakeServer {
	readonly log: Entry[] = [];
	readonly staff: Entry[] = [];
	readonly frames: ConsoleClientFrame[] = [];
	/** What was done to the conversation, in order: "reply", "close", … */
	readonly done: string[] = [];
	/** How long a reply takes to get here, in milliseconds. */
	slow = 0;
	/** Answers of POST …/reply that get lost after the work was done. */
	loseAnswer: () => boolean = () => false;
	loseFrame: () => boolean = () => false;
	private readonly sockets = new Set<ServerSocket>();

	open = (): Socket => {
		const socket = new ServerSocket(this);
		this.sockets.add(socket);
		setTimeout(() => socket.onopen?.(), 1);
		return socket;
	};

	say(text: string, log: 'public' | 'staff' = 'public', clientId = crypto.randomUUID() as string): Entry {
		const list = log === 'staff' ? this.staff : this.log;
		const known = list.find((e) => e.client_id === clientId);
		if (known) return known;
		const next = entry(list.length + 1, { log, text, client_id: clientId, kind: log === 'staff' ? 'note' : 'message' });
		list.push(next);
		for (const socket of this.sockets) socket.pump();
		return next;
	}

	/** Cuts every connection, without a word. */
	cut(): void {
		for (const socket of [...this.sockets]) {
			this.sockets.delete(socket);
			socket.dead = true;
			socket.onclose?.({ code: 1006 });
		}
	}

	left(socket: ServerSocket): void {
		this.sockets.delete(socket);
	}

	fetch = async (url: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
		const { pathname, searchParams } = new URL(String(url), 'http://desk.example');
		const json = (body: unknown) => new Response(JSON.stringify(body));
		if (pathname === '/api/v1/setup') return json({ needed: false });
		if (pathname === '/api/v1/me') return json({ user: { id: 'a1', name: 'Ana', role: 'agent' }, inboxes: null });
		if (pathname === '/api/v1/users') return json({ data: null, presence: null });
		if (pathname === '/api/v1/conversations')
			return json({ data: null, next_cursor: '', queue: 0, mine: 0, team: 0, snoozed: 0 });
		if (pathname === '/api/v1/conversations/c1') {
			return json({ id: 'c1', owner: 'agent', agent: 'a1', status: 'open', epoch: 1, handoff: null, earlier: null });
		}
		if (pathname.endsWith('/entries')) {
			const list = searchParams.get('log') === 'staff' ? this.staff : this.log;
			const after = Number(searchParams.get('after'));
			return json({ data: list.slice(after, after + Number(searchParams.get('limit'))) });
		}
		if (pathname.endsWith('/reply')) {
			if (this.slow) await new Promise((resolve) => setTimeout(resolve, this.slow));
			this.done.push('reply');
			const { text, note, client_id } = JSON.parse(String(init?.body)) as ReplyRequest;
			const stored = this.say(text, note ? 'staff' : 'public', client_id);
			if (this.loseAnswer()) throw new TypeError('connection reset');
			return json(stored);
		}
		if (init?.method === 'POST') {
			this.done.push(pathname.split('/').at(-1) ?? '');
			return json({});
		}
		return new Response('{}', { status: 404 });
	};
}

class ServerSocket implements Socket {
	onopen: (() => void) | null = null;
	onclose: ((event: { code: number }) => void) | null = null;
	onmessage: ((event: { data: unknown }) => void) | null = null;
	dead = false;
	private follow: Subscribe | null = null;

	constructor(private readonly server: FakeServer) {}

	send(data: string): void {
		if (this.dead) return;
		const frame = JSON.parse(data) as ConsoleClientFrame;
		this.server.frames.push(frame);
		if (frame.t === 'subscribe') this.follow = { ...frame.d };
		if (frame.t === 'unsubscribe') this.follow = null;
		this.pump();
	}

	close(): void {
		this.dead = true;
		this.server.left(this);
	}

	/** Sends what this socket has not had yet, in order, each frame a moment later. */
	pump(): void {
		const { follow } = this;
		if (!follow) return;
		for (const next of this.server.log.slice(follow.after)) this.deliver(next);
		for (const next of this.server.staff.slice(follow.staff_after)) this.deliver(next);
		follow.after = this.server.log.length;
		follow.staff_after = this.server.staff.length;
	}

	private deliver(d: Entry): void {
		if (this.server.loseFrame()) return;
		setTimeout(() => {
			if (!this.dead) this.onmessage?.({ data: JSON.stringify({ t: 'entry', d }) });
		}, 2);
	}
}
