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
	const root = document.documentElement;
	root.lang = t.locale;
	root.dir = t.dir;
}

let wanted = '';

/** Loads the words of a language, or of what its tag begins with (de-AT: de), or English ones; tries for ever. */
export async function speak(tag: string): Promise<void> {
	wanted = tag;
	for (;;) {
		const file = `./locale-${tag || 'en'}.json`;
		try {
			const answer = await fetch(new URL(file, import.meta.url));
			if (answer.status === 410) location.reload(); // the server is of another build: see otherBuild in the gateway
			const words = await answer.json();
			if (wanted !== tag) return; // another was asked for since
			if (answer.ok) return use(words);
			return await speak(tag.replace(/-?[^-]*$/, ''));
		} catch {
			await new Promise((again) => setTimeout(again, tryAgainAfter));
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
