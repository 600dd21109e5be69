import { due } from './format';
import type { CustomerPromise, PromiseRow, PromiseState } from './protocol';
import { t } from './text';

/** What is promised, in the console's language: the text of an answer is fixed. */
export function promiseText(promise: Pick<CustomerPromise, 'kind' | 'text'>, email = ''): string {
	if (promise.kind !== 'answer') return promise.text;
	return email ? t('promise.answerMail', { email }) : t('promise.answer');
}

/** How it stands, with the time that matters: "by 16:00", "kept 10:44". */
export function promiseState(promise: CustomerPromise, now: number): string {
	if (promise.state === 'open') {
		return t(isLate(promise, now) ? 'promise.late' : 'promise.by', { time: due(promise.due, now) });
	}
	return t(`promise.${promise.state}`, { time: due(promise.settled_at ?? promise.due, now) });
}

export function isLate(promise: CustomerPromise, now: number): boolean {
	return promise.state === 'open' && Date.parse(promise.due) < now;
}

/** The tone in which a promise shows: what is late or broken in that of danger, what is due soon in that of a warning. */
export function promiseTone(promise: CustomerPromise, soon: boolean, now: number): 'ok' | 'warn' | 'bad' | 'plain' {
	if (promise.state === 'kept') return 'ok';
	if (promise.state === 'broken' || isLate(promise, now)) return 'bad';
	return promise.state === 'open' && soon ? 'warn' : 'plain';
}

/** A moment as an input of type datetime-local has it, in the browser's zone. */
export function localInput(at: number): string {
	const date = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
	return date.toISOString().slice(0, 16);
}

/** What the page of promises can show, as it stands in its address. */
export const shelves = ['open', 'soon', 'broken', 'kept'] as const;
export type Shelf = (typeof shelves)[number];
export const owners = ['all', 'me', 'queue'] as const;
export type Whose = (typeof owners)[number];

export function shelfOf(search: string): { shelf: Shelf; whose: Whose } {
	const params = new URLSearchParams(search);
	const shelf = shelves.find((s) => s === params.get('state')) ?? 'open';
	const whose = owners.find((o) => o === params.get('owner')) ?? 'all';
	return { shelf, whose };
}

/** What to ask the server for: due soon are the first of the open ones. */
export function queryOf(shelf: Shelf, whose: Whose): { state: PromiseState; owner?: string } {
	const open = shelf === 'open' || shelf === 'soon';
	return { state: open ? 'open' : shelf, ...(open && whose !== 'all' && { owner: whose }) };
}

/** Those that belong on a shelf. */
export function onShelf(rows: PromiseRow[], shelf: Shelf): PromiseRow[] {
	return shelf === 'soon' ? rows.filter((row) => row.soon) : rows;
}
