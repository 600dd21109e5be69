// Which message the widget may show by itself: to whom, where and when.

import type { ProactiveRule } from '../../protocol';

/** What this browser knows of a rule: when it was shown last, and whether it was sent away. */
export interface Seen {
	at: number;
	no?: boolean;
}

export interface Moment {
	/** Address of the page, without query and fragment. */
	url: string;
	language: string;
	/** Nobody is there. */
	closed: boolean;
	now: number;
	seen: Record<string, Seen>;
}

const day = 24 * 3_600_000;

/** The first rule that fits, however long the page has been looked at. */
export const pick = (rules: ProactiveRule[], m: Moment): ProactiveRule | undefined =>
	rules.find(
		(r) =>
			(!m.closed || r.closed) &&
			may(m.seen[r.id], r.every_days ?? 0, m.now) &&
			(!r.pages?.length || r.pages.some((p) => matches(p, m.url))) &&
			(!r.locales?.length || r.locales.some((l) => `${m.language}-`.toLowerCase().startsWith(`${l}-`.toLowerCase()))),
	);

/** Never after it was sent away; else again after so many days, or with 0 never. */
const may = (seen: Seen | undefined, days: number, now: number): boolean =>
	!seen || (!seen.no && days > 0 && now - seen.at >= days * day);

/** A pattern of paths, or of whole addresses where it begins with a scheme; * is any run of characters. */
export function matches(pattern: string, url: string): boolean {
	const whole = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
	const of = /^[a-z]+:/i.test(pattern) ? url : url.replace(/^[a-z]+:\/\/[^/]*/i, '') || '/';
	return new RegExp(`^${whole.join('.*')}$`, 'i').test(of);
}
