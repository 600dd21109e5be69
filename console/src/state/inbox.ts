import type { Problem, ViewName } from '../api';
import type { ConversationList, ConversationRow, Role } from '../protocol';

export const views: ViewName[] = ['queue', 'mine', 'team', 'snoozed', 'all', 'closed'];

/** One list of the inbox. Rows is null until it came for the first time. */
export interface List {
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
	| { type: 'loading'; view: ViewName }
	| { type: 'loaded'; view: ViewName; page: ConversationList; more: boolean }
	| { type: 'failed'; view: ViewName; problem: Problem };

const empty: List = { rows: null, cursor: '', loading: false, problem: null };

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
		case 'loading':
			return put({ ...list, loading: true });
		case 'failed':
			return put({ ...list, loading: false, problem: action.problem });
		case 'loaded': {
			const { data, next_cursor, queue, mine, team, snoozed } = action.page;
			const rows = action.more ? append(list.rows ?? [], data ?? []) : (data ?? []);
			return {
				...put({ rows, cursor: next_cursor ?? '', loading: false, problem: null }),
				queue: queue ?? 0,
				mine: mine ?? 0,
				team: team ?? 0,
				snoozed: snoozed ?? 0,
				counted: true,
			};
		}
	}
}

/** A page behind the ones there are. A row that moved between the two calls stands once, where it is now. */
function append(rows: ConversationRow[], more: ConversationRow[]): ConversationRow[] {
	const fresh = new Set(more.map((row) => row.id));
	return [...rows.filter((row) => !fresh.has(row.id)), ...more];
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
