// Times and numbers as they are said, in the reader's own time zone.

export const locale = 'en-GB';

const format = (options: Intl.DateTimeFormatOptions) => (at: string | number) =>
	new Intl.DateTimeFormat(locale, options).format(new Date(at));

export const clock = format({ hour: 'numeric', minute: '2-digit' });
export const longDate = format({ day: 'numeric', month: 'long', year: 'numeric' });
/** With the zone: the shop's own words, in the log beside it, may go by another clock. */
export const stamp = format({
	weekday: 'short',
	day: 'numeric',
	month: 'short',
	hour: 'numeric',
	minute: '2-digit',
	timeZoneName: 'short',
});
export const dayMonth = format({ day: 'numeric', month: 'long' });
const weekday = format({ weekday: 'long' });

const midnight = (at: string | number) => new Date(at).setHours(0, 0, 0, 0);
const oneDay = 86_400_000;

/** "Today", "Yesterday", "Monday", "3 November". */
export function day(at: string | number): string {
	const days = Math.round((midnight(at) - midnight(Date.now())) / oneDay);
	const near = ['Yesterday', 'Today', 'Tomorrow'][days + 1];
	return near ?? (Math.abs(days) < 7 ? weekday(at) : dayMonth(at));
}

/** "today, 13:00", "Monday, 11:00": a time to come, inside a sentence. */
export function due(at: string): string {
	return `${day(at).replace(/^To/, 'to')}, ${clock(at)}`;
}

const ordinals = new Intl.PluralRules(locale, { type: 'ordinal' });
const suffix: Record<string, string> = { one: 'st', two: 'nd', few: 'rd', other: 'th' };

/** "2nd". */
export const ordinal = (n: number) => n + (suffix[ordinals.select(n)] ?? '');

/** "1 source", "2 sources". */
export const count = (n: number, one: string, more: string) => `${n} ${n === 1 ? one : more}`;
