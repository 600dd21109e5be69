import { locale, t, tn, tnth } from './text';

/** Makes something for the locale, anew only when the locale has changed. */
function byLocale<T>(make: (locale: string) => T): () => T {
	let made: { of: string; it: T } | undefined;
	return () => {
		if (made?.of !== locale()) made = { of: locale(), it: make(locale()) };
		return made.it;
	};
}

const dtf = (options: Intl.DateTimeFormatOptions) => byLocale((tag) => new Intl.DateTimeFormat(tag, options));
const nf = (options?: Intl.NumberFormatOptions) => byLocale((tag) => new Intl.NumberFormat(tag, options));
const unit = (name: string, digits: number) =>
	nf({ style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: digits });

const clockFormat = dtf({ hour: '2-digit', minute: '2-digit' });
const weekdayFormat = dtf({ weekday: 'short' });
const longDayFormat = dtf({ weekday: 'long', day: 'numeric', month: 'long' });
const dayFormat = dtf({ day: 'numeric', month: 'short' });
const utcDayFormat = dtf({ day: 'numeric', month: 'short', timeZone: 'UTC' });
const yearFormat = dtf({ day: 'numeric', month: 'short', year: 'numeric' });
const numberFormat = nf();
const oneDigit = nf({ minimumFractionDigits: 1, maximumFractionDigits: 1 });
const twoDigits = nf({ minimumFractionDigits: 2, maximumFractionDigits: 2 });
const percentFormat = nf({ style: 'percent' });
const percentPrecise = nf({ style: 'percent', maximumFractionDigits: 1 });
const plainFormat = nf({ useGrouping: false, maximumFractionDigits: 6 });
const kilobytes = unit('kilobyte', 0);
const megabytes = unit('megabyte', 1);
const languageNames = byLocale((tag) => new Intl.DisplayNames([tag], { type: 'language' }));

const dayMs = 86_400_000;

/** "10:38" */
export function clock(at: string | number): string {
	return clockFormat().format(new Date(at));
}

/** The calendar day of a moment, to tell days apart. */
export function dayOf(at: string | number): string {
	return new Date(at).toDateString();
}

/** "10:38" today, "Mon" in the last six days, else "2 Nov", with the year when it is another one. */
export function when(at: string | number, now: number): string {
	const date = new Date(at);
	const today = new Date(now);
	if (dayOf(at) === today.toDateString()) return clockFormat().format(date);
	if (now - date.getTime() < 6 * dayMs && now > date.getTime()) return weekdayFormat().format(date);
	return (date.getFullYear() === today.getFullYear() ? dayFormat() : yearFormat()).format(date);
}

/** "Monday 23 November" */
export function longDay(at: string | number): string {
	return longDayFormat().format(new Date(at));
}

/** "11:00" today, else "Mon, 11:00" or "23 Nov, 11:00": when something is due. */
export function due(at: string | number, now: number): string {
	if (dayOf(at) === dayOf(now)) return clock(at);
	const date = new Date(at);
	const near = Math.abs(date.getTime() - now) < 6 * dayMs;
	return t('time.due', { day: (near ? weekdayFormat() : dayFormat()).format(date), time: clock(at) });
}

/** "2 Nov 2026" */
export function fullDate(at: string | number): string {
	return yearFormat().format(new Date(at));
}

/** "1,204" */
export function count(n: number): string {
	return numberFormat().format(n);
}

/** "4.2" */
export function decimal(n: number): string {
	return oneDigit().format(n);
}

/** "74%", or "98.6%" where a whole per cent would hide that something is missing. */
export function percent(share: number, precise = false): string {
	return (precise ? percentPrecise() : percentFormat()).format(share);
}

/** "45 s", "3 min", "1 h 5 min": how long something took. */
export function took(seconds: number): string {
	const whole = Math.round(seconds);
	if (whole < 60) return t('time.s', { n: whole });
	const min = Math.round(seconds / 60);
	return min < 60 ? tn('time.min', min) : t('time.hours', { hours: Math.floor(min / 60), minutes: min % 60 });
}

/** "Mon 9": a day of a time zone. */
export function dayIn(at: string, zone: string): string {
	return new Intl.DateTimeFormat(locale(), { weekday: 'short', day: 'numeric', timeZone: zone }).format(new Date(at));
}

/** "09:00": an hour of a time zone. */
export function hourIn(at: string, zone: string): string {
	return new Intl.DateTimeFormat(locale(), { hour: '2-digit', minute: '2-digit', timeZone: zone }).format(new Date(at));
}

/** "09:00": an hour of the day. */
export function hourOf(hour: number): string {
	return hourIn(new Date(Date.UTC(2000, 0, 1, hour)).toISOString(), 'UTC');
}

/** "1204.5": a number as somebody types it, without marks between thousands. */
export function plain(n: number): string {
	return plainFormat().format(n);
}

/** "12 kB", "3.4 MB" */
export function size(bytes: number): string {
	return bytes < 1_000_000
		? kilobytes().format(Math.max(1, Math.round(bytes / 1000)))
		: megabytes().format(bytes / 1_000_000);
}

/** "0.42 €" of millionths, with as many digits as a small amount needs. */
export function money(micros: number, currency: string): string {
	const value = micros / 1e6;
	const digits = value !== 0 && value < 0.1 ? 4 : 2;
	return new Intl.NumberFormat(locale(), {
		style: 'currency',
		currency,
		minimumFractionDigits: 2,
		maximumFractionDigits: digits,
	}).format(value);
}

/** "2 Nov": a day that the server counts, in UTC. */
export function shortDay(at: number): string {
	return utcDayFormat().format(new Date(at));
}

/** A probability as the console writes it: ".72", "1.00". */
export function probability(p: number): string {
	return twoDigits()
		.format(Math.min(1, Math.max(0, p)))
		.replace(/^0(?=\D)/, '');
}

/** Whole minutes, at least 0. */
export function minutes(ms: number): number {
	return Math.max(0, Math.floor(ms / 60_000));
}

/** The name of a language in the reader's own: "German". The tag itself when it has none. */
export function language(tag: string): string {
	try {
		return languageNames().of(tag) ?? tag;
	} catch {
		return tag;
	}
}

/** "2nd" */
export function ordinal(n: number): string {
	return tnth(n);
}

/** “Words of a customer's”, in the marks of the reader's language. */
export function quote(text: string): string {
	return t('quote', { text });
}

/** The name of a customer. Who has none is called by a handle: the server's is English, "Visitor 7Q2K". */
export function customerName(name: string | undefined): string {
	const handle = /^Visitor ([A-Z2-7]{4})$/.exec(name ?? '')?.[1];
	return handle ? t('name.visitor', { handle }) : (name ?? '');
}

/** "LB" of "Lena Brandt", "7Q" of "Visitor 7Q2K": what stands in a face without a picture. */
export function initials(name: string): string {
	const words = name.trim().split(/\s+/);
	const kinds = ['visitor', t('name.visitor', { handle: '' }).trim().toLowerCase()];
	const visitor = words.length === 2 && kinds.includes((words[0] ?? '').toLowerCase()) ? words[1] : undefined;
	if (visitor) return visitor.slice(0, 2).toUpperCase();
	const first = [...(words[0] ?? '')][0] ?? '';
	const last = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : '';
	return (first + last).toUpperCase();
}

/** An address as people read it: without scheme, www and a closing slash. */
export function shortUrl(url: string): string {
	return url.replace(/^https?:\/\/(www\.)?/, '').replace(/\/$/, '');
}
