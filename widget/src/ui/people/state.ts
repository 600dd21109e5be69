// What a conversation is now, derived from its log and nothing else.

import type { Entry, Notice, Owner, Party, Status } from '../../protocol';

/** The state of a conversation. Times are RFC 3339, as in the log. */
export interface State {
	owner: Owner;
	status: Status;
	epoch: number;
	/** The agent who has it or had it last, as the customer sees the name. */
	agent: string;
	/** Hers, if she has one. */
	photo?: string | undefined;
	/** When it came into the queue; only while it waits. */
	queuedAt: string;
	/** What the queue said last; only while it waits for a person. */
	notice: Notice | undefined;
	/** The customer is asked to confirm who they are. */
	verify: boolean;
	/** Where the answer goes when the chat is left. */
	email: string;
	/** Seq of the entry that ended it; 0 while it is open. */
	closedSeq: number;
	/** Seq of the rating of the end that is to be rated; 0 while there is none. */
	rated: number;
	/** Who wrote the last message. */
	lastFrom: Party | '';
	/** Seq of the customer's last message. */
	mine: number;
}

export const fresh: State = {
	owner: 'bot',
	status: 'open',
	epoch: 1,
	agent: '',
	queuedAt: '',
	notice: undefined,
	verify: false,
	email: '',
	closedSeq: 0,
	rated: 0,
	lastFrom: '',
	mine: 0,
};

/** The state after one more entry. */
export function step(s: State, e: Entry): State {
	switch (e.kind) {
		case 'message': {
			const next: State = { ...s, lastFrom: e.from.kind };
			if (e.from.kind === 'customer') next.mine = e.seq;
			if (e.from.kind === 'agent') next.notice = undefined;
			return next;
		}
		case 'owner':
			return e.change ? moved(s, e, e.change) : s;
		case 'notice':
			return noticed(s, e.notice);
		case 'contact':
			return { ...s, email: e.contact?.email || s.email };
		case 'rating':
			return { ...s, rated: e.seq };
		default:
			return s;
	}
}

function noticed(s: State, notice: Notice | undefined): State {
	const email = notice?.email || s.email;
	switch (notice?.kind) {
		case 'verify':
		case 'verified':
			return { ...s, verify: notice.kind === 'verify', email };
		case 'mailed': // these are about what was said, not about what goes on
		case 'transcript':
		case 'undelivered':
			return s;
	}
	return { ...s, notice, email };
}

function moved(s: State, e: Entry, c: NonNullable<Entry['change']>): State {
	const closed = c.status === 'closed';
	const next: State = { ...s, owner: c.to, status: c.status, epoch: c.epoch };
	if (c.to === 'agent') {
		next.agent = c.name || s.agent;
		next.photo = c.photo;
	}
	if (c.to !== 'queue') next.notice = undefined;
	next.queuedAt = c.to === 'queue' && !closed ? (s.owner === 'queue' && s.queuedAt) || e.at : '';
	if (closed) {
		next.verify = false;
		next.notice = undefined;
		next.closedSeq = s.closedSeq || e.seq;
	} else if (s.status === 'closed') {
		next.closedSeq = next.rated = 0;
	}
	return next;
}

const derived = new WeakMap<Entry[], State>();

/** The state after all entries. Entries are never changed in place, so the same list has the same state. */
export function derive(entries: Entry[]): State {
	let state = derived.get(entries);
	if (!state) {
		state = entries.reduce(step, fresh);
		derived.set(entries, state);
	}
	return state;
}
