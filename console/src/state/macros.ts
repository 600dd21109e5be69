import { due } from '../format';
import type { ConversationView, Macro, MacroAction, Me } from '../protocol';
import { type Key, t, tn } from '../text';

/** What placeholders stand for; one that is missing or '' is a gap for the agent to fill. */
export type Values = Readonly<Record<string, string | undefined>>;

const attribute = 'customer.attributes.';
const placeholder = /\{\{([a-z_.]+|customer\.attributes\.[^{}]+)\}\}/g;

/** The values for one conversation and agent. A visitor's handle is no name to greet with. */
export function valuesOf(view: ConversationView | null, me: Me, now: number): Values {
	const inbox = me.inboxes?.find((each) => each.id === view?.inbox);
	const name = view?.person?.name ?? '';
	// What the site vouches for outranks what its page says.
	const attributes = [...(view?.person?.attributes ?? [])].sort(
		(a, b) => Number(a.by === 'token') - Number(b.by === 'token'),
	);
	return {
		...Object.fromEntries(attributes.map((a) => [attribute + a.name, a.value])),
		'customer.name': name,
		'customer.first_name': firstWord(name),
		'customer.email': view?.person?.email || view?.email,
		'agent.name': me.user.name,
		'agent.first_name': firstWord(me.user.name),
		'inbox.name': inbox?.name,
		'inbox.brand': inbox?.settings.brand || inbox?.name,
		'page.title': view?.page?.title,
		'page.url': view?.page?.url,
		'promise.due': view?.promised ? due(view.promised, now) : '',
	};
}

/** A macro's text with what is known put in. What is not stays, as a gap. */
export function fillIn(text: string, values: Values): string {
	return text.replace(placeholder, (whole, name: string) => values[name] || whole);
}

export interface Gap {
	name: string;
	start: number;
	end: number;
}

/** The placeholders that are left in a text: only those of the list and attributes, since a customer may well be told of others. */
export function gapsOf(text: string, known: readonly string[]): Gap[] {
	return [...text.matchAll(placeholder)]
		.filter(([, name = '']) => known.includes(name) || name.startsWith(attribute))
		.map((found) => ({ name: found[1] ?? '', start: found.index, end: found.index + found[0].length }));
}

/** What a placeholder stands for, in words; of an attribute its name. */
export function holderWords(name: string): string {
	if (name.startsWith(attribute)) return name.slice(attribute.length);
	return t(`holder.${name.replace('.', '_')}` as Key);
}

/** The macros that fit what was typed: by code first, then by name, then by text. */
export function matching(macros: readonly Macro[], query: string): Macro[] {
	const q = query.toLowerCase();
	const rank = (m: Macro): number => {
		if (m.code.startsWith(q)) return 0;
		if (m.code.includes(q) || m.name.toLowerCase().includes(q)) return 1;
		return m.text.toLowerCase().includes(q) ? 2 : 3;
	};
	return macros
		.map((macro) => ({ macro, rank: rank(macro) }))
		.filter((each) => each.rank < 3)
		.sort((a, b) => a.rank - b.rank)
		.map((each) => each.macro);
}

export interface Trigger {
	kind: 'macro' | 'person';
	query: string;
	/** Where the sign stands that opened it. */
	start: number;
}

/** What is being typed before the caret that opens a list: a code after a slash, in a note a name after an @. */
export function triggerAt(text: string, caret: number, note: boolean): Trigger | undefined {
	const found = /(?:^|\s)([/@])([\p{L}\p{N}_.-]*)$/u.exec(text.slice(0, caret));
	if (!found || (found[1] === '@' && !note)) return undefined;
	const query = found[2] ?? '';
	return { kind: found[1] === '/' ? 'macro' : 'person', query, start: caret - query.length - 1 };
}

/** The text with a part replaced, and where the caret goes: to the first gap of what was put in, or behind it. */
export function spliced(
	text: string,
	from: number,
	to: number,
	put: string,
	known: readonly string[],
): { text: string; select: [number, number] } {
	const gap = gapsOf(put, known)[0];
	const end = from + put.length;
	return {
		text: text.slice(0, from) + put + text.slice(to),
		select: gap ? [from + gap.start, from + gap.end] : [end, end],
	};
}

function firstWord(name: string): string {
	return name.trim().split(/\s+/)[0] ?? '';
}

/** A time in whole days, hours or minutes. */
export function macroMinutes(minutes: number): string {
	if (minutes % 1440 === 0) return tn('macro.days', minutes / 1440);
	return minutes % 60 === 0 ? tn('macro.hours', minutes / 60) : tn('macro.minutes', minutes);
}

/** What a macro does after sending, in words. */
export function actionWords(action: MacroAction): string {
	if (action.do === 'tag') return t('macro.tag', { tag: action.tag ?? '' });
	return action.do === 'snooze' ? t('macro.snooze', { time: macroMinutes(action.minutes ?? 0) }) : t('macro.close');
}
