import { recall, remember } from './state/memory';
import { createStore } from './state/store';
import { speak, type Table } from './text';
import { en } from './text/en';

interface Spoken {
	/** In the language itself, for who does not read the present one. */
	name: string;
	/** How times and numbers are written. */
	locale: string;
	dir: 'ltr' | 'rtl';
	/** The words; those of all languages but English are fetched when they are wanted. */
	words: () => Promise<Table>;
}

/** The languages of the console. Another is a line here and a table in text/. */
const spoken = {
	en: { name: 'English', locale: 'en-GB', dir: 'ltr', words: async () => en },
	de: { name: 'Deutsch', locale: 'de-DE', dir: 'ltr', words: async () => (await import('./text/de')).de },
} satisfies Record<string, Spoken>;

export type Language = keyof typeof spoken;

export const languages = (Object.keys(spoken) as Language[]).map((tag) => ({ tag, name: spoken[tag].name }));

/** What the user chose; '' goes by the browser. */
export const chosenLanguage = createStore<Language | ''>(recall<Language | ''>('screen.language', ''));

/** What is spoken now. Who draws words draws them again when it changes. */
export const shownLanguage = createStore<Language>('en');

/** The language of a choice: its own, else the first of the browser's that there is, else English. */
export function languageOf(choice: string, browsers: readonly string[]): Language {
	const known = [choice, ...browsers].map((tag) => tag.toLowerCase().split('-')[0] ?? '');
	return (known.find((tag) => Object.hasOwn(spoken, tag)) ?? 'en') as Language;
}

/** Goes over to the language that is wanted. Without a connection to fetch its words the present one stays. */
export async function speakChosen(): Promise<void> {
	const next = languageOf(chosenLanguage.get(), navigator.languages);
	const { locale, dir, words } = spoken[next];
	try {
		const table = await words();
		// Somebody may have chosen again while the words were on their way.
		if (next !== languageOf(chosenLanguage.get(), navigator.languages)) return;
		speak(table, locale);
		document.documentElement.lang = next;
		document.documentElement.dir = dir;
		shownLanguage.set(next);
	} catch {
		// The next start asks again.
	}
}

chosenLanguage.subscribe(() => {
	remember('screen.language', chosenLanguage.get());
	void speakChosen();
});
