import type { Problem } from '../api';
import type { Citation, ConversationView, Entry, File, Owner, Sender, Status } from '../protocol';

/** Who has a conversation now, and whether it goes on: what its newest owner entry says. */
export interface Holding {
	owner: Owner;
	status: Status;
	epoch: number;
	agent: string;
	agentName: string;
}

/** A reply or note that is on its way. */
export interface Pending {
	clientId: string;
	text: string;
	note: boolean;
	at: number;
	citations?: Citation[];
	/** Uploaded for it. */
	files?: File[];
	/** Whom a note mentions, by id. */
	mentions?: string[];
	/** Waiting and sending look the same; a refused one keeps its words and says why. */
	refused?: string;
	/** The server has it; its entry is still to come. */
	stored?: boolean;
}

/** Everything known of one conversation. */
export interface Thread {
	id: string;
	view: ConversationView | null;
	/** Both logs, each without gaps from its first entry. */
	log: Entry[];
	staff: Entry[];
	holding: Holding | null;
	pending: Pending[];
	typing: { from: Sender; until: number }[];
	/** An answer that the bot is writing. */
	draft: { turn: string; text: string } | null;
	/** How far the customer has read. */
	seen: number;
	/** Whether the logs were loaded once. */
	loaded: boolean;
	problem: Problem | null;
	/** An entry came that does not follow the last one: the rest has to be asked for. */
	behind: boolean;
}

export type ThreadAction =
	| { type: 'view'; view: ConversationView }
	| { type: 'entries'; entries: Entry[] }
	| { type: 'loaded' }
	| { type: 'failed'; problem: Problem }
	| { type: 'retry' }
	| { type: 'reset' }
	| { type: 'caught_up' }
	| { type: 'pending'; pending: Pending[] }
	| { type: 'typing'; from: Sender; until: number }
	| { type: 'typing_over'; now: number }
	| { type: 'draft'; turn: string; epoch: number; text: string }
	| { type: 'draft_end'; turn: string }
	| { type: 'seen'; from: Sender; seq: number };

export function newThread(id: string): Thread {
	return {
		id,
		view: null,
		log: [],
		staff: [],
		holding: null,
		pending: [],
		typing: [],
		draft: null,
		seen: 0,
		loaded: false,
		problem: null,
		behind: false,
	};
}

export function lastSeq(entries: Entry[]): number {
	return entries.at(-1)?.seq ?? 0;
}

/** What another agent has told the customer since an entry: the last of it. */
export function answeredSince(thread: Thread, since: number, me: string): Entry | undefined {
	return thread.log.findLast(
		(entry) => entry.seq > since && entry.kind === 'message' && entry.from.kind === 'agent' && entry.from.id !== me,
	);
}

export function reduceThread(thread: Thread, action: ThreadAction): Thread {
	switch (action.type) {
		case 'view':
			return {
				...thread,
				view: action.view,
				holding: newer(thread.holding, holdingOfView(action.view)),
				problem: null,
			};
		case 'entries':
			return action.entries.reduce(applyEntry, thread);
		case 'loaded':
			return { ...thread, loaded: true };
		case 'failed':
			return { ...thread, problem: action.problem };
		case 'retry':
			return { ...thread, problem: null };
		case 'reset':
			return { ...thread, log: [], staff: [], behind: false };
		case 'caught_up':
			return thread.behind ? { ...thread, behind: false } : thread;
		case 'pending':
			return { ...thread, pending: action.pending };
		case 'typing':
			return { ...thread, typing: [...thread.typing.filter((w) => !same(w.from, action.from)), action] };
		case 'typing_over': {
			const typing = thread.typing.filter((w) => w.until > action.now);
			return typing.length === thread.typing.length ? thread : { ...thread, typing };
		}
		case 'draft':
			if (thread.holding && action.epoch < thread.holding.epoch) return thread;
			return { ...thread, draft: { turn: action.turn, text: action.text } };
		case 'draft_end':
			return thread.draft?.turn === action.turn ? { ...thread, draft: null } : thread;
		case 'seen':
			return action.from.kind === 'customer' && action.seq > thread.seen ? { ...thread, seen: action.seq } : thread;
	}
}

/** Adds an entry if it is the next of its log. One that is there already changes nothing; a later one is not taken. */
function applyEntry(thread: Thread, entry: Entry): Thread {
	const field = entry.log === 'staff' ? 'staff' : 'log';
	const last = lastSeq(thread[field]);
	if (entry.seq <= last) return thread;
	if (entry.seq > last + 1) return { ...thread, behind: true };
	const next: Thread = {
		...thread,
		[field]: [...thread[field], entry],
		pending: thread.pending.filter((p) => p.clientId !== entry.client_id),
		typing: thread.typing.filter((w) => !same(w.from, entry.from)),
	};
	if (entry.log !== 'staff') next.draft = null;
	if (entry.change) next.holding = newer(thread.holding, holdingOfEntry(entry));
	return next;
}

function holdingOfView(view: ConversationView): Holding {
	return {
		owner: view.owner,
		status: view.status,
		epoch: view.epoch,
		agent: view.agent ?? '',
		agentName: view.agent_name ?? '',
	};
}

function holdingOfEntry({ change }: Entry): Holding | null {
	if (!change) return null;
	return {
		owner: change.to,
		status: change.status,
		epoch: change.epoch,
		agent: change.agent ?? '',
		agentName: change.name ?? '',
	};
}

function newer(a: Holding | null, b: Holding | null): Holding | null {
	if (!a || !b) return a ?? b;
	return b.epoch >= a.epoch ? b : a;
}

function same(a: Sender, b: Sender): boolean {
	return a.kind === b.kind && (a.id ?? '') === (b.id ?? '');
}
