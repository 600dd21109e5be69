import type { ViewName } from '../api';

/** By what a list is narrowed and sorted, as it stands in the address: shareable, and the back button works. */
export type Filters = Readonly<Partial<Record<FilterName, string>>>;

export const filterNames = [
	'sort',
	'tag',
	'reason',
	'priority',
	'language',
	'agent',
	'team',
	'inbox',
	'waiting',
	'unanswered',
	'from',
	'until',
] as const;
export type FilterName = (typeof filterNames)[number];

/** Reads an address's search; what is not ours stays out. */
export function filtersOf(search: string): Filters {
	const params = new URLSearchParams(search);
	const found: Partial<Record<FilterName, string>> = {};
	for (const name of filterNames) {
		const value = params.get(name);
		if (value) found[name] = value;
	}
	return found;
}

/** The search with one of its values changed, or dropped with ''. Others stay, also those that are not filters. */
export function withParam(search: string, name: FilterName | 'q' | 'at', value: string): string {
	const params = new URLSearchParams(search);
	if (value) params.set(name, value);
	else params.delete(name);
	params.sort();
	const text = params.toString();
	return text && `?${text}`;
}

/** The filters as one text: equal lists have equal ones. */
export function keyOf(filters: Filters): string {
	return filterNames.map((name) => (filters[name] ? `${name}=${encodeURIComponent(filters[name])}` : '')).join('&');
}

/** The filters as a saved view has them: names in order, as in an address. */
export function queryTextOf(filters: Filters): string {
	const params = new URLSearchParams(filters);
	params.sort();
	return params.toString();
}

/** How many narrow the list: an order does not. */
export function narrowing(filters: Filters): number {
	return Object.keys(filters).filter((name) => name !== 'sort').length;
}

const dayMs = 86_400_000;

/** The filters as the API takes them: days of the reader's become times. */
export function queryOf(filters: Filters): Record<string, string> {
	const { from, until, ...rest } = filters;
	const start = day(from);
	const end = day(until);
	return {
		...rest,
		...(start !== undefined && { from: new Date(start).toISOString() }),
		// Until is that day's end.
		...(end !== undefined && { until: new Date(end + dayMs).toISOString() }),
	};
}

function day(text: string | undefined): number | undefined {
	const at = text ? new Date(`${text}T00:00:00`).getTime() : Number.NaN;
	return Number.isNaN(at) ? undefined : at;
}

/** Whether a list's places fall: the newest, or the most urgent, first. */
export function falls(view: ViewName, sort: string | undefined): boolean {
	if (sort) return sort === 'newest' || sort === 'priority';
	return !(['queue', 'snoozed'] as string[]).includes(view);
}
