// The customer's side of a conversation: what was said (the log), what is on its way (the outbox), and the moment's
// extras that may be lost (drafts, typing, place in line). Views read its fields and are told by onChange.

import type {
	ChatServerFrame,
	ConversationSummary,
	DraftText,
	Entry,
	ErrorFrame,
	InboxFace,
	Page,
	Queue,
	Send,
	Sender,
	Session,
	SessionRequest,
	Typing,
} from '../protocol';
import { t } from '../text/words';
import { Connection, type Host, type Socket } from './connection';
import type { Database } from './database/database';
import { newId } from './ids';
import { Log } from './log';
import { type Item, type Kept, Outbox } from './outbox';
import type { Box } from './storage';

/** What the client needs from the world around it. */
export interface World {
	box: Box;
	/** The language that the customer is spoken to in, as the page or the browser asks for it. */
	locale: string;
	session(visitorToken: string | undefined): Promise<Session>;
	socket(session: Session): Promise<Socket>;
	/** Gives the database for what is not confirmed yet, beside the box. */
	database?: (() => Promise<Database>) | undefined;
	random(): number;
	/** The session is for the one conversation that a link resumes. */
	resume?: string;
}

/** An ack later than this means that the connection is dead, whatever the browser thinks. */
const ackWithin = 10_000;
/** When the server names no time to wait. */
const retryAfter = 5_000;
/** So often a frame may be put off by the server; then the customer is told, who may try again. */
const maxTries = 5;
/** protocol.MaxText. */
const maxText = 8 << 10;

export class Client implements Host {
	declare face: InboxFace | undefined;
	conversations: ConversationSummary[] = [];
	/** Id of the conversation in view, "" when there is none yet. */
	declare current: string;
	/** That one had ended, as far as the session or an earlier page knew. */
	declare over: boolean;
	log = new Log();
	declare outbox: Outbox;
	/** An answer in the making. It is void when the epoch of the conversation is higher. */
	declare draft: DraftText | undefined;
	/** Extras of the moment, the last of each that was told: who writes, the place in line. */
	told: { typing?: Typing | undefined; queue?: Queue } = {};
	/** How far the agent has read. */
	seen = 0;
	/** How far the customer has read. */
	declare readSeq: number;
	/** The log holds all that there was when the connection was made. */
	caughtUp = false;
	page: Page = {};
	/** The token of the last session. */
	visitor = '';
	/** The bearer of requests for files. */
	declare files?: string;
	onChange: () => void = () => {};
	/** Every frame of the server, before anything is done with it. */
	declare onFrame?: (frame: ChatServerFrame) => void;
	/** Asks for a session in the name that the page gave, or where this frame may keep nothing; else it is simply posted. */
	declare sign?: ((of: SessionRequest) => Promise<Session>) | undefined;

	declare readonly connection: Connection;
	declare readonly box: Box;
	#heard = false; // an entry came on this connection: the server follows the conversation
	#inFlight = '';
	#asks = 0; // for a session
	#gap = 0; // syncs were asked from here
	#tries = 0; // of what is in flight
	#timers: Record<string, ReturnType<typeof setTimeout>> = {};

	constructor(readonly world: World) {
		const { box } = world;
		this.box = box;
		this.face = box.get('face');
		this.outbox = new Outbox(box, world.database);
		this.current = box.get('current') ?? '';
		this.over = !!box.get('over');
		this.readSeq = this.#keptRead();
		this.connection = new Connection(this);
	}

	/** The newest entry of the log, but for words on answers, which change nothing. */
	get last(): Entry | undefined {
		return this.log.entries.findLast((e) => !e.feedback);
	}

	/** Who has the conversation, and which move made it so: epoch is what drafts are held against. */
	get state() {
		const { to = 'bot', status = 'open', epoch = 1 } = this.log.entries.findLast((e) => e.change)?.change ?? {};
		return { owner: to, epoch, atBot: to === 'bot' && status === 'open' };
	}

	/** How many messages of the other side the customer has not seen. */
	get unread(): number {
		return this.log.entries.filter((e) => e.seq > this.readSeq && e.kind === 'message' && e.from.kind !== 'customer')
			.length;
	}

	/** Messages on their way whose entries are not in the log yet. */
	get pending(): Item[] {
		return this.outbox.items.filter((i) => i.frame.d.conversation === this.current);
	}

	// What the customer does.

	/** Keeps a frame and sends it as often as it takes. Makes the conversation if there is none. */
	act<T extends Kept['t']>(
		kind: T,
		d: Omit<Extract<Kept, { t: T }>['d'], 'conversation' | 'client_id'>,
		failed?: string,
	): void {
		if (!this.current) {
			this.#select(newId());
			this.caughtUp = true;
		}
		const client_id = newId();
		this.outbox.add({ t: kind, d: { ...d, conversation: this.current, client_id } } as unknown as Kept, failed);
		this.#pump();
	}

	send(words: string): void {
		const text = words.trim();
		// One that is too long stays here: a frame beyond the server's limit costs the connection.
		const failed = new Blob([text]).size > maxText ? t.tooLong : undefined;
		if (text) this.act('send', { text, page: this.page }, failed);
	}

	/** A person was asked for, and the server has not answered. */
	get asked(): boolean {
		return this.pending.some((i) => i.frame.t === 'request_person');
	}

	askPerson(): void {
		if (!this.asked) this.act('request_person', { page: this.page });
	}

	/** All that is in the log was in view. */
	read(): void {
		const { seq } = this.log;
		if (seq <= this.readSeq) return;
		this.readSeq = seq;
		this.box.set('read', { conversation: this.current, seq });
		this.connection.send({ t: 'read', d: { conversation: this.current, seq } });
		this.onChange();
	}

	retry(id: string): void {
		this.outbox.mark(id);
		this.#pump();
	}

	discard(id: string): void {
		this.outbox.remove(id);
		this.onChange();
	}

	/** Shows another conversation; "" for one that begins with the next message. */
	open(conversation: string): void {
		if (conversation === this.current) return;
		this.#select(conversation);
		if (conversation) this.#sync();
		this.onChange();
	}

	// What the connection asks and tells (Host).

	async session(): Promise<Session> {
		const { box } = this;
		const before = box.get<string>('token');
		const other = this.visitor && this.visitor !== before;
		// Another tab has become another visitor, and what was on its way goes along with that.
		if (other) {
			this.outbox.items = [];
			this.#select(box.get('current') ?? '');
		}
		if (this.sign && !this.current) {
			this.#select(box.get('left') ?? '');
			box.remove('left');
		}
		const viewed = this.current;
		const mine = ++this.#asks;
		const [session] = await Promise.all([
			this.world.session(before),
			this.outbox.load((id) => this.log.entries.some((e) => e.client_id === id)),
		]);
		if (mine !== this.#asks) return session; // the page has said meanwhile who it is: this one is of nobody
		this.visitor = session.visitor_token;
		box.set('token', session.visitor_token);
		box.set('face', session.inbox);
		this.face = session.inbox;
		this.files = session.file_token;
		this.conversations = session.conversations ?? [];
		if (before && before !== session.visitor_token && !this.#known) this.#renew();
		this.over = this.#known?.status === 'closed';
		// The list has the 20 newest: not among fewer means that the server does not know it.
		if (!this.#known && this.conversations.length < 20 && this.log.seq + this.pending.length === 0)
			this.#select((this.world.resume && this.conversations[0]?.id) || '');
		// The page may be about to say whose it is.
		if (viewed && !this.current) box.set('left', viewed);
		this.#catchUp();
		this.onChange();
		return session;
	}

	socket(session: Session): Promise<Socket> {
		return this.world.socket(session);
	}

	hello() {
		const follow = this.current ? [{ conversation: this.current, after: this.log.seq }] : [];
		return { locale: this.world.locale, follow };
	}

	random(): number {
		return this.world.random();
	}

	forget(): void {
		// As if the visitor came back with a new token: what waits in the outbox goes to a new conversation.
		this.visitor = '';
		this.box.remove('token');
		this.#renew();
	}

	changed(code?: number): void {
		this.#inFlight = '';
		this.#heard = false;
		this.#gap = 0;
		this.draft = this.told.typing = undefined;
		for (const timer of Object.values(this.#timers)) clearTimeout(timer);
		// 1009: what we sent is larger than a frame may be, and would be so again.
		const item = code === 1009 && this.outbox.next;
		if (item) this.outbox.mark(item.frame.d.client_id, t.tooLong);
		this.onChange();
	}

	frame(frame: ChatServerFrame): void {
		this.onFrame?.(frame);
		switch (frame.t) {
			case 'welcome':
				this.#pump();
				break;
			case 'ack':
				this.#acked(frame.d.client_id);
				break;
			case 'error':
				this.#refused(frame.d, frame.id ?? frame.d.client_id);
				break;
			default:
				if ('conversation' in frame.d && frame.d.conversation === this.current) this.#about(frame);
		}
		this.onChange();
	}

	/** A frame about the conversation in view. */
	#about(frame: ChatServerFrame): void {
		switch (frame.t) {
			case 'entry':
				this.#apply(frame.d);
				break;
			case 'reset':
				this.#startOver();
				this.#sync();
				break;
			case 'draft':
				this.draft = frame.d;
				break;
			case 'draft_end':
				if (frame.d.turn === this.draft?.turn) this.draft = undefined;
				break;
			case 'read':
				if (frame.d.from.kind === 'agent') this.seen = Math.max(this.seen, frame.d.seq);
				else this.readSeq = Math.max(this.readSeq, frame.d.seq); // in another tab
				break;
			default:
				Object.assign(this.told, { [frame.t]: frame.d });
		}
	}

	#apply(entry: Entry): void {
		this.#heard = true;
		entry.from ??= {} as Sender;
		const result = this.log.apply(entry);
		if (result === 'gap' && this.#gap !== this.log.seq + 1) {
			this.#gap = this.log.seq + 1; // once: what is on its way until the answer comes shows the same gap
			this.#sync();
		}
		if (result !== 'new') return;
		if (entry.change) this.box.set('over', entry.change.status === 'closed');
		this.outbox.remove(entry.client_id);
		if (entry.from.kind !== 'customer') this.draft = this.told.typing = undefined;
		this.#catchUp();
	}

	/** What the session said of the conversation in view. */
	get #known(): ConversationSummary | undefined {
		return this.conversations.find((c) => c.id === this.current);
	}

	#catchUp(): void {
		this.caughtUp ||= this.log.seq >= (this.#known?.last_seq ?? 0);
	}

	// The outbox. One frame at a time is on its way, so that the order holds whatever the server says to each.

	#pump(): void {
		const item = this.outbox.next;
		if (item && !this.#inFlight && this.connection.phase === 'up') {
			const id = item.frame.d.client_id;
			this.#inFlight = id;
			// Which page it was is told as other things are that are kept of a visitor: after consent, where that is asked for.
			if (this.face?.privacy?.consent && !this.box.get('consent')) delete (item.frame.d as Partial<Send>).page;
			this.connection.send({ ...item.frame, id });
			this.#later('ack', ackWithin, () => this.connection.drop());
		}
		this.onChange();
	}

	#acked(id: string): void {
		const conversation = this.outbox.find(id)?.frame.d.conversation;
		this.outbox.acked(id);
		// A conversation that was just made is not followed yet.
		if (conversation === this.current && !this.#heard) {
			this.#heard = true;
			this.#sync();
		}
		if (id === this.#inFlight) this.#landed(0);
	}

	#refused({ code, message, retry_after_ms }: ErrorFrame, id: string | undefined): void {
		if (id === 'sync' && code !== 'not_found') this.#later('sync', retry_after_ms || retryAfter, () => this.#sync());
		if (!id || id !== this.#inFlight) return;
		const tries = this.#tries + 1;
		if (/^(invalid|too_large)$/.test(code) || (tries >= maxTries && code !== 'rate_limited')) {
			this.outbox.mark(id, message);
			this.#landed(0);
		} // else it stays in flight: nothing may overtake it
		else this.#later('ack', retry_after_ms || retryAfter * tries, () => this.#landed(tries));
	}

	/** What was in flight has its answer. tries is how often the next has been put off. */
	#landed(tries: number): void {
		this.#tries = tries;
		this.#inFlight = '';
		clearTimeout(this.#timers.ack);
		this.#pump();
	}

	#sync(): void {
		this.connection.send({ t: 'sync', id: 'sync', d: { conversation: this.current, after: this.log.seq } });
	}

	/** Another visitor, as far as the server knows: its conversations are out of reach. */
	#renew(): void {
		const id = this.outbox.items.length ? newId() : '';
		if (id) this.outbox.move(id);
		this.#select(id);
	}

	#select(conversation: string): void {
		this.current = conversation;
		this.box.set('current', conversation);
		this.over = false;
		this.box.remove('over');
		this.#startOver();
		this.readSeq = this.#keptRead();
	}

	#startOver(): void {
		this.log = new Log();
		this.told = {};
		this.draft = undefined;
		this.seen = this.#gap = 0;
		this.caughtUp = this.#heard = false;
	}

	#keptRead(): number {
		const kept = this.box.get<{ conversation: string; seq: number }>('read');
		return kept && kept.conversation === this.current ? kept.seq : 0;
	}

	#later(name: string, ms: number, act: () => void): void {
		clearTimeout(this.#timers[name]);
		this.#timers[name] = setTimeout(act, ms);
	}
}
