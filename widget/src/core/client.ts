// The customer's side of a conversation: what was said (the log), what is on its way (the outbox), and the moment's
// extras that may be lost (drafts, typing, place in line). Views read its fields and are told by onChange.

import type {
	ChatServerFrame,
	ConversationSummary,
	Entry,
	ErrorFrame,
	InboxFace,
	Page,
	Queue,
	Session,
} from '../protocol';
import { text } from '../text';
import { Connection, type Host, type Socket } from './connection';
import { newId } from './ids';
import { Log } from './log';
import { type Item, type Kept, Outbox } from './outbox';
import { derive, type State, step, unread } from './state';
import type { Box } from './storage';

/** What the client needs from the world around it. */
export interface World {
	box: Box;
	locale: string;
	session(visitorToken: string | undefined): Promise<Session>;
	socket(): Socket;
	random(): number;
}

/** An ack later than this means that the connection is dead, whatever the browser thinks. */
const ackWithin = 10_000;
/** Between two "typing" frames, and how long one counts (protocol.TypingOn). */
const typingEvery = 3_000;
const typingFor = 5_000;
/** When the server names no time to wait. */
const retryAfter = 5_000;
/** So often a frame may be put off by the server; then the customer is told, who may try again. */
const maxTries = 5;
/** protocol.MaxText. */
const maxText = 8 << 10;

export class Client implements Host {
	face: InboxFace | undefined;
	conversations: ConversationSummary[] = [];
	/** Id of the conversation in view, "" when there is none yet. */
	current: string;
	log = new Log();
	state: State = derive([]);
	outbox: Outbox;
	/** An answer in the making, "" when there is none. */
	draft = '';
	/** Name of the agent who is writing. */
	typing = '';
	queue: Queue | undefined;
	/** How far the agent has read. */
	seen = 0;
	/** How far the customer has read. */
	readSeq = 0;
	/** The log holds all that there was when the connection was made. */
	caughtUp = false;
	page: Page = {};
	onChange: () => void = () => {};

	readonly connection: Connection;
	readonly box: Box;
	private turn = '';
	private heard = false; // an entry came on this connection: the server follows the conversation
	private inFlight = '';
	private gap = 0; // syncs were asked from here
	private sentTyping = 0;
	private readonly tries = new Map<string, number>();
	private readonly timers: Record<string, ReturnType<typeof setTimeout>> = {};

	constructor(private readonly world: World) {
		const { box } = world;
		this.box = box;
		this.face = box.get('face');
		this.outbox = new Outbox(box);
		this.current = box.get('current') ?? '';
		this.readSeq = this.keptRead();
		this.connection = new Connection(this);
	}

	get unread(): number {
		return unread(this.log.entries, this.readSeq);
	}

	/** Messages on their way whose entries are not in the log yet. */
	get pending(): Item[] {
		return this.outbox.items.filter((i) => i.frame.d.conversation === this.current);
	}

	// What the customer does.

	send(words: string): void {
		const clean = words.trim();
		if (!clean) return;
		const client_id = this.keep({ t: 'send', d: { ...this.ids(), text: clean, page: this.page } });
		if (new TextEncoder().encode(clean).length > maxText) this.outbox.fail(client_id, text.tooLong);
		this.pump();
	}

	askPerson(): void {
		if (this.pending.some((i) => i.frame.t === 'request_person')) return;
		this.keep({ t: 'request_person', d: { ...this.ids(), page: this.page } });
		this.pump();
	}

	leaveEmail(email: string): void {
		this.clear('contact');
		this.keep({ t: 'contact', d: { ...this.ids(), email } });
		this.pump();
	}

	rate(score: number, comment: string): void {
		this.clear('rate');
		this.keep({ t: 'rate', d: { ...this.ids(), score, comment } });
		this.pump();
	}

	/** The customer is writing. Only people want to know. */
	writing(): void {
		if (!this.log.seq || this.state.owner === 'bot' || Date.now() - this.sentTyping < typingEvery) return;
		this.sentTyping = Date.now();
		this.connection.send({ t: 'typing', d: { conversation: this.current } });
	}

	/** All that is in the log was in view. */
	read(): void {
		const { seq } = this.log;
		if (seq <= this.readSeq) return;
		this.readSeq = seq;
		this.world.box.set('read', { conversation: this.current, seq });
		this.connection.send({ t: 'read', d: { conversation: this.current, seq } });
		this.onChange();
	}

	retry(id: string): void {
		this.tries.delete(id);
		this.outbox.retry(id);
		this.pump();
	}

	discard(id: string): void {
		this.outbox.remove(id);
		this.onChange();
	}

	/** Shows another conversation; "" for one that begins with the next message. */
	open(conversation: string): void {
		if (conversation === this.current) return;
		this.select(conversation);
		if (conversation) this.sync();
		this.onChange();
	}

	// What the connection asks and tells (Host).

	async session(): Promise<Session> {
		const { box } = this.world;
		const before = box.get<string>('token');
		const session = await this.world.session(before);
		box.set('token', session.visitor_token);
		box.set('face', session.inbox);
		this.face = session.inbox;
		this.conversations = session.conversations ?? [];
		if (before && before !== session.visitor_token) this.renew();
		const known = this.conversations.find((c) => c.id === this.current);
		// The list has the 20 newest: not among fewer means that the server does not know it.
		if (!known && this.conversations.length < 20 && this.log.seq + this.pending.length === 0) this.select('');
		this.catchUp();
		this.onChange();
		return session;
	}

	socket(): Socket {
		return this.world.socket();
	}

	hello() {
		const follow = this.current ? [{ conversation: this.current, after: this.log.seq }] : [];
		return { locale: this.world.locale, page: this.page, follow };
	}

	random(): number {
		return this.world.random();
	}

	words(code: number): string {
		return text.stopped[code] ?? text.stoppedElse;
	}

	forget(): void {
		// As if the visitor came back with a new token: what waits in the outbox goes to a new conversation.
		this.world.box.remove('token');
		this.renew();
	}

	changed(code?: number): void {
		this.inFlight = '';
		this.heard = false;
		this.gap = 0;
		this.draft = this.typing = '';
		for (const t of Object.values(this.timers)) clearTimeout(t);
		// 1009: what we sent is larger than a frame may be, and would be so again.
		const item = code === 1009 && this.outbox.next;
		if (item) this.outbox.fail(item.frame.d.client_id, text.tooLong);
		this.onChange();
	}

	frame(frame: ChatServerFrame): void {
		switch (frame.t) {
			case 'welcome':
				this.pump();
				break;
			case 'ack':
				this.acked(frame.d.client_id);
				break;
			case 'error':
				this.refused(frame.d, frame.id ?? frame.d.client_id);
				break;
			default:
				if ('conversation' in frame.d && frame.d.conversation === this.current) this.about(frame);
		}
		this.onChange();
	}

	/** A frame about the conversation in view. */
	private about(frame: ChatServerFrame): void {
		switch (frame.t) {
			case 'entry':
				this.apply(frame.d);
				break;
			case 'reset':
				this.startOver();
				this.sync();
				break;
			case 'draft':
				if (frame.d.epoch < this.state.epoch) break;
				this.draft = frame.d.text;
				this.turn = frame.d.turn;
				break;
			case 'draft_end':
				if (frame.d.turn === this.turn) this.draft = '';
				break;
			case 'typing':
				if (frame.d.from.kind !== 'agent') break;
				this.typing = frame.d.from.name || this.state.agent;
				this.later('typing', typingFor, () => {
					this.typing = '';
					this.onChange();
				});
				break;
			case 'read':
				if (frame.d.from.kind === 'agent') this.seen = Math.max(this.seen, frame.d.seq);
				break;
			case 'queue':
				this.queue = frame.d.place ? frame.d : undefined;
				break;
		}
	}

	private apply(entry: Entry): void {
		this.heard = true;
		const result = this.log.apply(entry);
		if (result === 'gap' && this.gap !== this.log.seq + 1) {
			this.gap = this.log.seq + 1; // once: what is on its way until the answer comes shows the same gap
			this.sync();
		}
		if (result !== 'new') return;
		this.state = step(this.state, entry);
		this.outbox.remove(entry.client_id);
		if (entry.kind === 'owner' || entry.from.kind !== 'customer') this.draft = this.typing = '';
		if (this.state.owner !== 'queue') this.queue = undefined;
		this.catchUp();
	}

	private catchUp(): void {
		const known = this.conversations.find((c) => c.id === this.current);
		this.caughtUp ||= !known || this.log.seq >= known.last_seq;
	}

	// The outbox. One frame at a time is on its way, so that the order holds whatever the server says to each.

	private pump(): void {
		const item = this.outbox.next;
		if (item && !this.inFlight && this.connection.phase === 'up') {
			const id = item.frame.d.client_id;
			this.inFlight = id;
			this.connection.send({ ...item.frame, id });
			this.later('ack', ackWithin, () => this.connection.drop());
		}
		this.onChange();
	}

	private acked(id: string): void {
		const conversation = this.outbox.find(id)?.frame.d.conversation;
		this.outbox.acked(id);
		this.tries.delete(id);
		// A conversation that was just made is not followed yet.
		if (conversation === this.current && !this.heard) {
			this.heard = true;
			this.sync();
		}
		this.landed(id);
	}

	private refused(error: ErrorFrame, id: string | undefined): void {
		const wait = error.retry_after_ms || retryAfter;
		if (id === 'sync' && /^(rate_limited|unavailable|internal)$/.test(error.code)) this.later('sync', wait, () => this.sync());
		if (!id || !this.outbox.find(id)) return;
		const tries = (this.tries.get(id) ?? 0) + 1;
		this.tries.set(id, tries);
		const final = error.code === 'invalid' || error.code === 'too_large';
		if (final || (tries >= maxTries && error.code !== 'rate_limited')) {
			this.outbox.fail(id, error.message);
			this.landed(id);
			return;
		}
		clearTimeout(this.timers.ack);
		// inFlight stays: nothing may overtake it.
		this.later('retry', error.retry_after_ms || retryAfter * tries, () => this.landed(id));
	}

	private landed(id: string): void {
		if (this.inFlight !== id) return;
		this.inFlight = '';
		clearTimeout(this.timers.ack);
		this.pump();
	}

	private keep(frame: Kept): string {
		this.outbox.add(frame, Date.now());
		return frame.d.client_id;
	}

	/** Ids for a frame; makes the conversation if there is none. */
	private ids() {
		if (!this.current) {
			this.select(newId());
			this.caughtUp = true;
		}
		return { conversation: this.current, client_id: newId() };
	}

	/** Takes back earlier attempts of a kind of which only the last counts. */
	private clear(kind: Kept['t']): void {
		for (const i of this.pending) if (i.frame.t === kind) this.outbox.remove(i.frame.d.client_id);
	}

	private sync(): void {
		this.connection.send({ t: 'sync', id: 'sync', d: { conversation: this.current, after: this.log.seq } });
	}

	/** Another visitor, as far as the server knows: its conversations are out of reach. */
	private renew(): void {
		const id = this.outbox.items.length ? newId() : '';
		if (id) this.outbox.move(id);
		this.select(id);
	}

	private select(conversation: string): void {
		this.current = conversation;
		if (conversation) this.world.box.set('current', conversation);
		else this.world.box.remove('current');
		this.startOver();
		this.readSeq = this.keptRead();
	}

	private startOver(): void {
		this.log = new Log();
		this.state = derive([]);
		this.queue = undefined;
		this.draft = this.typing = '';
		this.seen = this.gap = 0;
		this.caughtUp = this.heard = false;
	}

	private keptRead(): number {
		const kept = this.world.box.get<{ conversation: string; seq: number }>('read');
		return kept && kept.conversation === this.current ? kept.seq : 0;
	}

	private later(name: string, ms: number, act: () => void): void {
		clearTimeout(this.timers[name]);
		this.timers[name] = setTimeout(act, ms);
	}
}
