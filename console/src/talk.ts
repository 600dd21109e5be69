import type { Api } from './api';
import type { Citation, Macro, MacroAction, Mention, MentionRow, User, Watcher } from './protocol';
import { createStore } from './state/store';

/** What can be put into a text: words with what they rest on, a canned reply, the name of a colleague. */
export interface Put {
	text: string;
	citations?: Citation[];
	macro?: Macro;
	mention?: User;
}

/** What the composer of the open conversation can be asked to do from elsewhere: the palette, the articles beside it. */
export interface Compose {
	/** Puts something in at the caret. */
	insert: (what: Put) => void;
}

// protocol.Watch: said again every 20 s.
const watchEvery = 20_000;
// Canned replies are seldom changed, and looked up many times a minute.
const macrosFresh = 3_000;

/**
 * What agents have between them: canned replies, mentions, and who looks at which conversation. It asks by itself at the
 * start and after a cut; what a frame brings comes at once.
 */
export class Talk {
	/** Canned replies, one's own first; null until they came. */
	readonly macros = createStore<Macro[] | null>(null);
	/** The closed list of placeholders. */
	readonly placeholders = createStore<readonly string[]>([]);
	readonly mentions = createStore<{ rows: MentionRow[] | null; unseen: number }>({ rows: null, unseen: 0 });
	/** Who else looks at a conversation, and who of them writes. */
	readonly watchers = createStore<Readonly<Record<string, Watcher[]>>>({});
	/** The staff, for mentions. */
	readonly people = createStore<User[] | null>(null);
	/** What was to be done after sending and could not be, by conversation. */
	readonly undone = createStore<Readonly<Record<string, { action: MacroAction; reason: string } | undefined>>>({});
	/** The open conversation's composer. */
	compose: Compose | null = null;
	/** Called for each mention that comes while this page is open. */
	onMention: (mention: Mention) => void = () => {};

	private askedMacros = 0;
	private watched = '';
	private timer: ReturnType<typeof setInterval> | undefined;

	constructor(
		private readonly api: Api,
		/** Says that a conversation is looked at, or no longer. */
		private readonly say: (conversation: string, on: boolean) => void,
	) {}

	/** The connection stands: what came meanwhile was not told. */
	resume(): void {
		void this.loadMacros().catch(() => undefined);
		void this.loadMentions().catch(() => undefined);
		this.watchers.set({});
		if (this.watched) this.say(this.watched, true);
	}

	stop(): void {
		clearInterval(this.timer);
		this.watched = '';
		this.macros.set(null);
		this.mentions.set({ rows: null, unseen: 0 });
		this.watchers.set({});
		this.people.set(null);
	}

	/** Asks for what colleagues may have changed, at most once in a while. */
	refreshMacros(): void {
		if (Date.now() - this.askedMacros > macrosFresh) void this.loadMacros().catch(() => undefined);
	}

	async loadMacros(): Promise<void> {
		this.askedMacros = Date.now();
		const list = await this.api.macros();
		this.placeholders.set(list.placeholders ?? []);
		this.macros.set(list.data ?? []);
	}

	async loadMentions(): Promise<void> {
		const list = await this.api.mentions();
		this.mentions.set({ rows: list.data ?? [], unseen: list.unseen });
	}

	/** Asked for once, when somebody is to be mentioned. */
	async loadPeople(): Promise<void> {
		if (!this.people.get()) this.people.set((await this.api.users()).data ?? []);
	}

	mentioned(mention: Mention): void {
		void this.loadMentions().catch(() => undefined);
		this.onMention(mention);
	}

	/** This agent has looked at a conversation: what mentions her there is seen. */
	async see(conversation: string): Promise<void> {
		const { rows } = this.mentions.get();
		if (!rows?.some((row) => row.conversation === conversation && !row.seen_at)) return;
		try {
			const { unseen } = await this.api.seeMentions(conversation);
			const at = new Date().toISOString();
			const seen = (row: MentionRow) =>
				row.conversation === conversation && !row.seen_at ? { ...row, seen_at: at } : row;
			this.mentions.set({ rows: (this.mentions.get().rows ?? []).map(seen), unseen });
		} catch {
			// The next look says it again.
		}
	}

	/** Says which conversation is looked at now; '' for none, also when the page is hidden. */
	watch(conversation: string): void {
		if (conversation === this.watched) return;
		clearInterval(this.timer);
		if (this.watched) this.say(this.watched, false);
		this.watched = conversation;
		if (!conversation) return;
		this.say(conversation, true);
		this.timer = setInterval(() => this.say(conversation, true), watchEvery);
	}

	/** The server says who looks at a conversation now. */
	told(conversation: string, agents: Watcher[]): void {
		this.watchers.update((all) => ({ ...all, [conversation]: agents }));
	}

	/** Somebody's words have come: she does not write any more. */
	spoke(conversation: string, agent: string): void {
		const here = this.watchers.get()[conversation];
		if (!here?.some((each) => each.id === agent && each.writing)) return;
		this.told(
			conversation,
			here.map((each) => (each.id === agent ? { ...each, writing: false } : each)),
		);
	}
}
