import type { Problem, ViewName } from '../api';
import type { ConversationList, ConversationRow, Role } from '../protocol';

export const views: ViewName[] = ['queue', 'mine', 'team', 'snoozed', 'all', 'closed'];

/** One list of the inbox. Rows is null until it came for the first time. */
export interface List {
	/** By what it is narrowed and sorted: see keyOf. */
	key: string;
	rows: ConversationRow[] | null;
	cursor: string;
	loading: boolean;
	problem: Problem | null;
}

export interface Inbox {
	lists: Record<ViewName, List>;
	queue: number;
	mine: number;
	team: number;
	snoozed: number;
	/** Whether the counts have come. */
	counted: boolean;
}

export type InboxAction =
	| { type: 'loading'; view: ViewName; key?: string }
	| { type: 'loaded'; view: ViewName; page: ConversationList; more: boolean; down?: boolean }
	/** Of the conversations ids, those in page are in the list now, and the others are not. */
	| { type: 'changed'; view: ViewName; ids: string[]; page: ConversationList; down: boolean }
	| { type: 'failed'; view: ViewName; problem: Problem };

const empty: List = { key: '', rows: null, cursor: '', loading: false, problem: null };

export const newInbox: Inbox = {
	lists: { queue: empty, mine: empty, team: empty, snoozed: empty, all: empty, closed: empty },
	queue: 0,
	mine: 0,
	team: 0,
	snoozed: 0,
	counted: false,
};

export function reduceInbox(inbox: Inbox, action: InboxAction): Inbox {
	const list = inbox.lists[action.view];
	const put = (next: List): Inbox => ({ ...inbox, lists: { ...inbox.lists, [action.view]: next } });
	switch (action.type) {
		case 'loading': {
			const { key = list.key } = action;
			return put(key === list.key ? { ...list, loading: true } : { ...empty, key, loading: true });
		}
		case 'failed':
			return put({ ...list, loading: false, problem: action.problem });
		case 'loaded': {
			const { data, next_cursor: next } = action.page;
			const fresh = data ?? [];
			const rows = list.rows ?? [];
			const renewed = action.more
				? { rows: append(rows, fresh), cursor: next ?? '' }
				: renew({ ...list, rows }, fresh, next ?? '', action.down ?? true);
			return { ...put({ ...list, ...renewed, loading: false, problem: null }), ...counts(action.page) };
		}
		case 'changed': {
			const rows = merge(list, action.ids, action.page.data ?? [], action.down);
			return { ...put({ ...list, rows, problem: null }), ...counts(action.page) };
		}
	}
}

function counts({ queue, mine, team, snoozed }: ConversationList) {
	return { queue: queue ?? 0, mine: mine ?? 0, team: team ?? 0, snoozed: snoozed ?? 0, counted: true };
}

/** A page behind the ones there are. A row that moved between the two calls stands once, where it is now. */
function append(rows: ConversationRow[], more: ConversationRow[]): ConversationRow[] {
	const fresh = new Set(more.map((row) => row.id));
	return [...rows.filter((row) => !fresh.has(row.id)), ...more];
}

/** The first page anew: what is behind it stays, so that nobody who has scrolled is thrown back. */
function renew(list: List & { rows: ConversationRow[] }, fresh: ConversationRow[], next: string, down: boolean) {
	const end = fresh.at(-1)?.place;
	if (!next || !end) return { rows: fresh, cursor: next };
	const known = new Set(fresh.map((row) => row.id));
	const behind = list.rows.filter((row) => row.place && isBefore(end, row.place, down) && !known.has(row.id));
	return { rows: [...fresh, ...behind], cursor: behind.length > 0 ? list.cursor : next };
}

function isBefore(a: string, b: string, down: boolean): boolean {
	return down ? a > b : a < b;
}

/** Puts changed rows where they are now. What is behind the last page that was loaded comes with the next one. */
function merge(list: List, ids: string[], fresh: ConversationRow[], down: boolean): ConversationRow[] | null {
	if (!list.rows) return null;
	const gone = new Set([...ids, ...fresh.map((row) => row.id)]);
	const kept = list.rows.filter((row) => !gone.has(row.id));
	const rows: ConversationRow[] = [];
	let at = 0;
	for (const row of fresh) {
		while (at < kept.length && isBefore(kept[at]?.place ?? '', row.place ?? '', down))
			rows.push(kept[at++] as ConversationRow);
		if (at < kept.length || !list.cursor) rows.push(row);
	}
	return rows.concat(kept.slice(at));
}

/** Whether a row has words of the customer that this agent has not looked at and somebody has to. */
export function isUnread(row: ConversationRow, readSeq: number): boolean {
	if (row.status !== 'open' || row.owner === 'bot' || row.customer_seq <= readSeq) return false;
	return row.owner === 'queue' || row.last_from === 'customer';
}

/** The neighbour of a row, for J and K: the first or last when none is selected, the same at either end. */
export function neighbour(rows: ConversationRow[], id: string | undefined, step: 1 | -1): string | undefined {
	const at = rows.findIndex((row) => row.id === id);
	if (at < 0) return rows.at(step === 1 ? 0 : -1)?.id;
	return rows[Math.min(rows.length - 1, Math.max(0, at + step))]?.id;
}

/** Whether somebody of this role may do what need asks for: chat.Role.Can. */
export function can(role: Role, need: Role): boolean {
	if (role === 'owner') return true;
	if (role === 'admin') return need !== 'owner';
	return need === role || need === 'viewer';
}
