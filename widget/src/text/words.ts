// The words of the widget, in the visitor's language. Each language is a table of its own (en.json and its like, which
// the build gives to dist as locale-<tag>.json); the window is drawn when one has come.

import type en from './en.json';

export type Words = typeof en;
type Plural = Record<string, string>;

/** The table in use. It is there before anything is drawn. */
export let t: Words;

const tryAgainAfter = 2_000;

export function use(words: Words): void {
	t = words;
	document.documentElement.lang = words.locale;
	document.documentElement.dir = words.dir;
}

/** The first language wanted that we speak, by itself or by what it begins with (de-AT is de). */
export function choose(wanted: readonly string[], spoken = LOCALES): string {
	for (const tag of wanted) {
		const found = spoken.find((s) => `${tag}-`.toLowerCase().startsWith(`${s}-`.toLowerCase()));
		if (found) return found;
	}
	return 'en';
}

let round = 0;

/** Loads the words of the best of the languages wanted. Tries for ever, in English when a table does not come. */
export async function speak(wanted: readonly string[]): Promise<void> {
	const mine = ++round;
	for (let tag = choose(wanted); mine === round; tag = 'en') {
		try {
			const file = `./locale-${tag}.json`;
			const words = await (await fetch(new URL(file, import.meta.url))).json();
			if (mine === round) use(words); // else another language was asked for since
			return;
		} catch {
			await new Promise((go) => setTimeout(go, tryAgainAfter));
		}
	}
}

/** Words with their {places} taken, in parts: so that a value may be an element. */
export function parts<T>(words: string | Plural, values: Record<string, T>, type?: 'ordinal'): (string | T)[] {
	const { n } = values as { n?: number };
	const one = typeof words === 'string' ? words : words[new Intl.PluralRules(t.locale, { type }).select(n ?? 0)];
	return `${one}`.split(/[{}]/).map((part, i) => (i % 2 ? (values[part] as T) : part));
}

/** Words with their {places} taken. A table of plural forms (CLDR's one, few, …) is chosen from by n. */
export const fill = (words: string | Plural, values: Record<string, string | number>, type?: 'ordinal'): string =>
	parts(words, values, type).join('');
