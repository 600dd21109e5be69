// Times as they are said, in the reader's language and time zone.

import { t } from './words';

export const format = (at: string | number, options: Intl.DateTimeFormatOptions): string =>
	new Intl.DateTimeFormat(t.locale, options).format(new Date(at));

export const clock = (at: string | number) => format(at, { timeStyle: 'short' });
export const dayMonth = (at: string | number) => format(at, { day: 'numeric', month: 'long' });

const midnight = (at: string | number) => new Date(at).setHours(0, 0, 0, 0);
const oneDay = 86_400_000;

/** "today", "yesterday", "Monday", "3 November": as it is said inside a sentence. */
export function day(at: string | number): string {
	const days = Math.round((midnight(at) - midnight(Date.now())) / oneDay);
	if (Math.abs(days) < 2) return new Intl.RelativeTimeFormat(t.locale, { numeric: 'auto' }).format(days, 'day');
	return Math.abs(days) < 7 ? format(at, { weekday: 'long' }) : dayMonth(at);
}

/** "Today, 13:00": a line of its own. */
export function dayLine(at: string): string {
	const words = due(at);
	return words.slice(0, 1).toLocaleUpperCase(t.locale) + words.slice(1);
}

/** "today, 13:00", "Monday, 11:00": a time to come, inside a sentence. */
export const due = (at: string) => `${day(at)}, ${clock(at)}`;
