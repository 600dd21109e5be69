// Times as they are said, in the reader's language and time zone.

import { fill, t } from './words';

export const format = (at: string, options: Intl.DateTimeFormatOptions): string =>
	new Intl.DateTimeFormat(t.locale, options).format(Date.parse(at) || 0);

export const clock = (at: string) => format(at, { timeStyle: 'short' });
export const dayMonth = (at: string) => format(at, { day: 'numeric', month: 'long' });

const midnight = (at: string | number) => new Date(at).setHours(0, 0, 0, 0);
const oneDay = 86_400_000;

/** "today", "yesterday", "Monday", "3 November": as it is said inside a sentence. */
export function day(at: string): string {
	const days = Math.round((midnight(at) - midnight(Date.now())) / oneDay);
	if (Math.abs(days) < 2) return new Intl.RelativeTimeFormat(t.locale, { numeric: 'auto' }).format(days, 'day');
	return Math.abs(days) < 7 ? format(at, { weekday: 'long' }) : dayMonth(at);
}

/** "Today, 13:00": a line of its own. */
export const dayLine = (at: string) => due(at).replace(/./, (first) => first.toLocaleUpperCase(t.locale));

/** "today, 13:00", "Monday, 11:00": a time to come, inside a sentence. */
export const due = (at: string) => fill(t.at, { day: day(at), time: clock(at) });
