import { type Api, type Move, type Problem, problemOf, type ViewName } from './api';
import { Finder } from './found';
import { Lists } from './lists';
import { type LinkState, Live, openSocket, type Socket } from './live';
import { Offers } from './offers';
import type {
	ConsoleServerFrame,
	Entry,
	MacroAction,
	Me,
	Merge,
	Presence,
	PresenceState,
	Inbox as StoredInbox,
} from './protocol';
import type { Filters } from './state/filters';
import { can, type Inbox, newInbox } from './state/inbox';
import { forgetWork, recall, remember } from './state/memory';
import { Outbox } from './state/outbox';
import { createStore } from './state/store';
import { lastSeq, newThread, type Pending, reduceThread, type Thread, type ThreadAction } from './state/thread';
import { Talk } from './talk';
import { uuidv7 } from './uuid';
import { SavedViews } from './views';

export type Session =
	| { phase: 'asking' }
	| { phase: 'failed'; problem: Problem }
	| { phase: 'setup' }
	| { phase: 'signin'; ended: boolean }
	| { phase: 'in'; me: Me };

const entriesPage = 200;
// A burst of changes asks for the offers once.
const offersAfter = 250;
const heartbeatEvery = 25_000;
// protocol.TypingOn: at most every 3 s, counts for 5 s.
const typingEvery = 3_000;
const typingLasts = 5_000;
// Conversations kept in memory, so that going back and forth is instant.
const threadsKept = 20;

/** The time so many minutes from now, as the API has it. */
function inMinutes(minutes: number): string {
	return new Date(Date.now() + minutes * 60_000).toISOString();
}

/** What the console knows and does: the HTTP API and the socket go in, stores that the pages draw come out. */
export class Desk {
	readonly session = createStore<Session>({ phase: 'asking' });
	readonly link = createStore<LinkState>({ phase: 'connecting' });
	readonly inbox = createStore<Inbox>(newInbox);
	readonly threads = createStore<Readonly<Record<string, Thread>>>({});
	readonly presence = createStore<Presence[]>([]);
	/** What this agent says of herself. */
	readonly myPresence = createStore<PresenceState>('offline');
	/** What routing offers this agent. */
	readonly offers: Offers;
	/** Rises when articles or the index moved on. */
	readonly knowledge = createStore(0);
	/** How far this agent has read each conversation. */
	readonly read = createStore<Readonly<Record<string, number>>>({});

	/** What agents have between them. */
	readonly talk: Talk;
	/** The conversation that is open; '' for none. */
	readonly opened = createStore('');
	/** Rises each time that lists may have changed. */
	readonly changes = createStore(0);
	/** The lists of the inbox, and what is said of them: see inbox. */
	readonly lists: Lists;
	readonly finder: Finder;
	readonly views: SavedViews;

	private readonly live: Live;
	private outbox: Outbox | null = null;
	private open = '';
	private offering: ReturnType<typeof setTimeout> | undefined;
	private heartbeat: ReturnType<typeof setInterval> | undefined;
	private typedAt = 0;

	constructor(
		readonly api: Api,
		open: () => Socket = openSocket,
	) {
		this.offers = new Offers(api);
		this.lists = new Lists(api, this.inbox);
		this.finder = new Finder(api);
		this.views = new SavedViews(api);
		this.live = new Live({
			open,
			onFrame: (frame) => this.receive(frame),
			onUp: () => this.resume(),
			onState: (state) => this.link.set(state),
			onRefused: () => void this.checkSession(),
		});
		this.talk = new Talk(api, (conversation, on) => this.live.send({ t: 'watch', d: { conversation, on } }));
		api.onSignedOut = () => this.signedOut(true);
	}

	// Who is there

	/** Finds out who is signed in, or what is needed first. */
	async begin(): Promise<void> {
		try {
			const { needed } = await this.api.setupState();
			if (needed) this.session.set({ phase: 'setup' });
			else await this.enter();
		} catch (thrown) {
			if (problemOf(thrown).status !== 401) this.session.set({ phase: 'failed', problem: problemOf(thrown) });
		}
	}

	/** Goes in after a setup or sign-in. */
	async enter(): Promise<void> {
		const me = await this.api.me();
		this.session.set({ phase: 'in', me });
		const wish = recall<PresenceState>('presence', 'online');
		this.myPresence.set(can(me.user.role, 'agent') ? wish : 'offline');
		this.read.set(recall('read', {}));
		this.outbox = new Outbox({
			send: (id, body) => this.post(id, () => this.api.reply(id, body)),
			onChange: (id, pending) => this.dispatch(id, { type: 'pending', pending }),
			onRefused: (id) => void this.loadView(id),
			storage: localStorage,
			key: `frontdesk.outbox.${me.user.id}`,
		});
		this.outbox.start();
		this.live.start();
		this.heartbeat = setInterval(() => this.beat(), heartbeatEvery);
		void this.loadPresence();
	}

	async signOut(): Promise<void> {
		await this.api.logout();
		forgetWork();
		this.signedOut(false);
	}

	private signedOut(ended: boolean): void {
		if (this.session.get().phase === 'signin') return;
		this.live.stop();
		this.outbox?.stop();
		this.outbox = null;
		clearInterval(this.heartbeat);
		this.lists.stop();
		clearTimeout(this.offering);
		this.offering = undefined;
		this.offers.clear();
		this.talk.stop();
		this.inbox.set(newInbox);
		this.views.list.set([]);
		this.threads.set({});
		this.session.set({ phase: 'signin', ended: ended && this.session.get().phase === 'in' });
	}

	private async checkSession(): Promise<void> {
		await this.api.me().catch(() => undefined);
	}

	/** An inbox is set otherwise: whoever looks at it next sees that. */
	inboxChanged = (inbox: StoredInbox): void => {
		const session = this.session.get();
		if (session.phase !== 'in') return;
		const inboxes = session.me.inboxes?.map((each) => (each.id === inbox.id ? inbox : each));
		this.session.set({ ...session, me: { ...session.me, inboxes } });
	};

	get me(): Me | null {
		const session = this.session.get();
		return session.phase === 'in' ? session.me : null;
	}

	// The connection

	retryNow = (): void => {
		this.live.retryNow();
		this.outbox?.retryNow();
	};

	networkLost = (): void => this.live.lost();

	private resume(): void {
		this.beat();
		if (this.open) this.follow(this.open);
		this.talk.resume();
		this.changed();
		this.outbox?.retryNow();
	}

	private beat(): void {
		const state = this.myPresence.get();
		if (state !== 'offline') this.live.send({ t: 'presence', d: { state } });
	}

	/** Asks for what is missing of a conversation and for what will come; false when there is no connection. */
	private follow(id: string): boolean {
		const thread = this.threads.get()[id];
		if (!thread?.loaded) return true;
		return this.live.send({
			t: 'subscribe',
			d: { conversation: id, after: lastSeq(thread.log), staff_after: lastSeq(thread.staff) },
		});
	}

	private receive(frame: ConsoleServerFrame): void {
		switch (frame.t) {
			case 'entry':
				this.take(frame.d.conversation, [frame.d]);
				break;
			case 'inbox':
				this.changed(frame.d?.conversations ?? []);
				break;
			case 'presence':
				this.presence.set(frame.d.agents ?? []);
				break;
			case 'typing':
				this.showTyping(frame.d.conversation, frame.d.from);
				break;
			case 'read':
				this.dispatch(frame.d.conversation, { type: 'seen', from: frame.d.from, seq: frame.d.seq });
				break;
			case 'draft':
				this.dispatch(frame.d.conversation, { type: 'draft', ...frame.d });
				break;
			case 'draft_end':
				this.dispatch(frame.d.conversation, { type: 'draft_end', turn: frame.d.turn });
				break;
			case 'reset':
				this.dispatch(frame.d.conversation, { type: 'reset' });
				this.follow(frame.d.conversation);
				break;
			case 'knowledge':
				this.knowledge.set(frame.d.version);
				break;
			case 'watchers':
				this.talk.told(frame.d.conversation, frame.d.agents ?? []);
				break;
			case 'mention':
				this.talk.mentioned(frame.d);
				break;
		}
	}

	// Presence

	async setPresence(state: PresenceState): Promise<void> {
		this.myPresence.set(state);
		remember('presence', state);
		if (!this.live.send({ t: 'presence', d: { state } })) await this.api.setPresence({ state });
	}

	private async loadPresence(): Promise<void> {
		try {
			const { presence } = await this.api.users();
			if (this.presence.get().length === 0) this.presence.set(presence ?? []);
		} catch {
			// It comes over the socket too.
		}
	}

	// The lists

	/** Shows a view: what is known of it at once, the newest as soon as it comes. */
	showView(view: ViewName, filters: Filters = {}): void {
		this.lists.show(view, filters);
	}

	/** Conversations have changed; with none, it is not known which. */
	private changed(ids: string[] = []): void {
		this.changes.update((n) => n + 1);
		this.lists.changed(ids);
		this.offering ??= setTimeout(() => {
			this.offering = undefined;
			if (this.me && can(this.me.user.role, 'agent')) void this.offers.load();
		}, offersAfter);
	}

	// One conversation

	/** Opens a conversation, or none with ''. */
	openThread(id: string): void {
		if (this.open === id) return;
		if (this.open) this.live.send({ t: 'unsubscribe', d: { conversation: this.open } });
		this.open = id;
		this.opened.set(id);
		if (!id) return;
		if (this.threads.get()[id]?.loaded) {
			this.follow(id);
			void this.loadView(id);
			return;
		}
		void this.loadThread(id);
	}

	/** Loads both logs and what stands around them; then the socket goes on from there. */
	async loadThread(id: string): Promise<void> {
		this.dispatch(id, { type: 'retry' });
		try {
			const [view] = await Promise.all([
				this.api.conversation(id),
				this.loadLog(id, 'public'),
				this.loadLog(id, 'staff'),
			]);
			this.dispatch(id, { type: 'view', view });
			this.dispatch(id, { type: 'loaded' });
			this.dispatch(id, { type: 'pending', pending: this.outbox?.of(id) ?? [] });
			if (this.open === id) this.follow(id);
		} catch (thrown) {
			this.dispatch(id, { type: 'failed', problem: problemOf(thrown) });
		}
	}

	private async loadLog(id: string, log: 'public' | 'staff'): Promise<void> {
		for (;;) {
			const after = this.seq(id, log);
			const entries = (await this.api.entries(id, log, after, entriesPage)).data ?? [];
			this.take(id, entries);
			if (entries.length < entriesPage || this.seq(id, log) === after) return;
		}
	}

	private seq(id: string, log: 'public' | 'staff'): number {
		const thread = this.threads.get()[id];
		return lastSeq((log === 'staff' ? thread?.staff : thread?.log) ?? []);
	}

	/** Gives a visitor's conversations back; the one that is shown may be among them. */
	async undoMerge(conversation: string, merge: string): Promise<Merge> {
		const undone = await this.api.undoMerge(merge);
		await this.loadView(conversation);
		return undone;
	}

	private async loadView(id: string): Promise<void> {
		try {
			this.dispatch(id, { type: 'view', view: await this.api.conversation(id) });
		} catch {
			// What is shown stays; the next change asks again.
		}
	}

	private take(id: string, entries: Entry[]): void {
		const before = this.threads.get()[id]?.holding?.epoch ?? 0;
		this.dispatch(id, { type: 'entries', entries });
		for (const entry of entries) {
			this.outbox?.drop(id, entry.client_id);
			if (entry.from.kind === 'agent') this.talk.spoke(id, entry.from.id ?? '');
		}
		const thread = this.threads.get()[id];
		if (thread?.behind) {
			this.dispatch(id, { type: 'caught_up' });
			if (!this.follow(id)) void this.loadLog(id, entries[0]?.log ?? 'public').catch(() => undefined);
		}
		// A new owner brings what the log does not hold: the brief, the promise.
		// Who has it, and who the customer is, stand around the logs.
		const known = entries.some((e) => e.notice?.kind === 'verified');
		const woken = thread?.view?.snoozed_until !== undefined && entries.some((e) => e.from.kind === 'customer');
		if (thread?.loaded && (known || woken || (thread.holding?.epoch ?? 0) > before)) void this.loadView(id);
	}

	/** Says that this agent has seen a conversation up to its newest entry. */
	markRead(id: string): void {
		const seq = lastSeq(this.threads.get()[id]?.log ?? []);
		if (seq <= (this.read.get()[id] ?? 0)) return;
		// The newest 500 are plenty: what is older has been closed.
		const marks = Object.entries({ ...this.read.get(), [id]: seq }).slice(-500);
		this.read.set(Object.fromEntries(marks));
		remember('read', this.read.get());
		this.live.send({ t: 'read', d: { conversation: id, seq } });
	}

	/** Sends words, and gives the id under which they are on their way. */
	send(
		id: string,
		text: string,
		note: boolean,
		beside: Pick<Pending, 'citations' | 'mentions' | 'files'> = {},
	): string {
		const clientId = uuidv7();
		this.outbox?.add(id, { clientId, text, note, at: Date.now(), ...beside });
		this.typedAt = 0; // what was sent has ended it for the customer: the next letter begins anew
		return clientId;
	}

	/** Does what canned replies ask for, once the words of that id have been stored. Of words that were refused: nothing. */
	afterSending(id: string, clientId: string, actions: MacroAction[]): void {
		const stop = this.threads.subscribe(() => {
			const thread = this.threads.get()[id];
			const pending = thread?.pending.find((each) => each.clientId === clientId);
			if (thread && pending && pending.refused === undefined) return;
			stop();
			if (thread?.log.some((entry) => entry.client_id === clientId)) void this.carryOut(id, actions);
		});
	}

	private async addTag(id: string, tag: string): Promise<void> {
		const tags = (await this.api.conversation(id)).tags ?? [];
		if (!tags.includes(tag)) await this.api.setTags(id, [...tags, tag]);
		await this.loadView(id);
		this.changed();
	}

	private async carryOut(id: string, actions: MacroAction[]): Promise<void> {
		for (const action of actions) {
			try {
				if (action.do === 'tag') await this.addTag(id, action.tag ?? '');
				if (action.do === 'close') await this.move(id, 'close', { outcome: 'solved' });
				if (action.do === 'snooze') await this.move(id, 'snooze', { until: inMinutes(action.minutes ?? 0) });
			} catch (thrown) {
				this.talk.undone.update((all) => ({ ...all, [id]: { action, reason: problemOf(thrown).message } }));
			}
		}
	}

	sendAgain = (id: string, clientId: string): void => this.outbox?.retry(id, clientId);
	giveUp = (id: string, clientId: string): void => this.outbox?.drop(id, clientId);

	typing(id: string): void {
		const now = Date.now();
		if (now - this.typedAt < typingEvery) return;
		if (this.live.send({ t: 'typing', d: { conversation: id } })) this.typedAt = now;
	}

	/** Gives a conversation these tags. Rejects with a Problem. */
	async setTags(id: string, tags: string[]): Promise<void> {
		await this.api.setTags(id, tags);
		this.changed([id]);
		await this.loadView(id);
	}

	/** Moves a conversation as it is shown. Rejects with a Problem; a stale one has been loaded anew by then. */
	async move(id: string, to: Move, more: object = {}): Promise<void> {
		// Behind what was said: a reply that comes after its conversation was closed would open it again.
		await this.outbox?.settled(id);
		const { holding, log } = this.threads.get()[id] ?? newThread(id);
		// What the customer wrote meanwhile must not be put away unseen.
		const away = to === 'snooze' || to === 'close';
		const seen = away ? log.findLast((e) => e.kind === 'message' && e.from.kind === 'customer')?.seq : undefined;
		try {
			await this.post(id, () => this.api.move(id, to, { epoch: holding?.epoch ?? 0, seen, ...more }));
		} catch (thrown) {
			await this.loadView(id);
			throw problemOf(thrown);
		} finally {
			this.changed();
		}
		await this.loadView(id);
	}

	/** Posts, and takes the answer's entry when the answer is one: the socket may be down. */
	private async post(id: string, call: () => Promise<unknown>): Promise<void> {
		const answer = (await call()) as Partial<Entry> | undefined;
		// The server is there again: the socket need not wait for its turn.
		this.live.retryNow();
		if (answer && typeof answer === 'object' && answer.conversation === id && answer.seq && answer.log) {
			this.take(id, [answer as Entry]);
		}
	}

	private showTyping(id: string, from: Entry['from']): void {
		if (from.id && from.id === this.me?.user.id) return;
		this.dispatch(id, { type: 'typing', from, until: Date.now() + typingLasts });
		setTimeout(() => this.dispatch(id, { type: 'typing_over', now: Date.now() }), typingLasts + 50);
	}

	private dispatch(id: string, action: ThreadAction): void {
		this.threads.update((threads) => {
			const before = threads[id];
			// Frames of conversations that are not held are not for us; opening one loads it.
			if (!before && id !== this.open) return threads;
			const after = reduceThread(before ?? newThread(id), action);
			if (after === before) return threads;
			const { [id]: _, ...others } = threads;
			const kept = Object.entries(others).slice(-(threadsKept - 1));
			return { ...Object.fromEntries(kept), [id]: after };
		});
	}
}
