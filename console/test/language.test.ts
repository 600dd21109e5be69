import { afterEach, describe, expect, it } from 'vitest';
import { count, decimal, due, money, ordinal, probability, quote, size } from '../src/format';
import { languageOf, languages } from '../src/language';
import { locale, speak, type Table, t, tn } from '../src/text';
import { de } from '../src/text/de';
import { en } from '../src/text/en';

const tables: Record<string, Table> = { de };
const keys = Object.keys(en) as (keyof typeof en)[];
const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
const isPlural = (key: string) => /\.(zero|one|two|few|many|other)$/.test(key);

afterEach(() => speak(en, 'en-GB'));

describe('every language has every key', () => {
	it('and each language is looked at here', () => {
		expect(languages.map(({ tag }) => tag).sort()).toEqual(['en', ...Object.keys(tables)].sort());
	});

	describe.each(Object.entries(tables))('%s', (_, table) => {
		it('has no key that English does not have', () => {
			const stems = new Set(keys.map((key) => key.replace(/\.other$/, '')));
			const extra = Object.keys(table).filter((key) => !(key in en) && !stems.has(key.replace(/\.\w+$/, '')));
			expect(extra).toEqual([]);
			expect(keys.filter((key) => !table[key])).toEqual([]);
		});

		it('fills the same holes', () => {
			// A value may be put in another form (n beside place), and the word of a plural may stand for its number.
			const wrong = keys.filter((key) => {
				const mine = new Set(holes(table[key]));
				const theirs = new Set(holes(en[key]));
				const extra = [...mine].some((name) => name !== 'n' && !theirs.has(name));
				const missing = [...theirs].some((name) => !mine.has(name) && !mine.has('n') && !isPlural(key));
				return extra || missing;
			});
			expect(wrong).toEqual([]);
		});

		it('says nothing in English', () => {
			// One word may be the same in both; a phrase hardly ever is. Names and formats are.
			const same = new Set<string>(['import.kinds', 'article.body', 'time.due', 'actions.took']);
			const left = keys.filter(
				(key) => table[key] === en[key] && /\p{L}{2,}[^{}]* [^{}]*\p{L}{2,}/u.test(en[key]) && !same.has(key),
			);
			expect(left).toEqual([]);
		});
	});
});

describe('German', () => {
	it('says Sie, in German marks, without shouting', () => {
		const all = Object.entries(de).filter(([key]) => key !== 'voice.address.informal');
		const off = all.filter(
			([, text]) => /\b(du|dich|dir|deine?[mnrs]?)\b/i.test(text) || /[”"‚‘]/.test(text) || text.includes('!'),
		);
		expect(off).toEqual([]);
	});
});

describe('the language', () => {
	it.each([
		['', ['de-AT', 'en'], 'de'],
		['', ['fr-FR', 'en-US'], 'en'],
		['', ['fr'], 'en'],
		['', [], 'en'],
		['en', ['de'], 'en'],
		['de', ['en-US'], 'de'],
		['klingon', ['de'], 'de'],
		['constructor', [], 'en'],
	])('of choice %j in a browser of %j is %s', (choice, browsers, want) => {
		expect(languageOf(choice, browsers)).toBe(want);
	});

	it('is that of the words, numbers and times', () => {
		speak(de, 'de-DE');
		const now = new Date(2026, 10, 22, 12, 0).getTime();
		expect(locale()).toBe('de-DE');
		expect(t('nav.inbox')).toBe('Posteingang');
		expect(tn('nav.waiting', 1)).toBe('1 Kunde wartet');
		expect(tn('nav.waiting', 2)).toBe('2 Kunden warten');
		expect(count(1204)).toBe('1.204');
		expect(decimal(4.25)).toBe('4,3');
		expect(probability(0.7234)).toBe(',72');
		expect(money(420_000, 'EUR')).toBe('0,42\u00a0€');
		expect(size(3_400_000)).toBe('3,4 MB');
		expect(ordinal(3)).toBe('3.');
		expect(quote('so')).toBe('„so“');
		expect(due(new Date(2026, 10, 23, 11, 0).getTime(), now)).toBe('Mo, 11:00');
		expect(due(new Date(2026, 11, 24, 11, 0).getTime(), now)).toBe('24. Dez., 11:00');
	});

	it('takes the plural form of its own rules', () => {
		// Polish has few and many, which English does not.
		speak({ ...en, 'nav.waiting.few': '{n} czekają', 'nav.waiting.many': '{n} czeka' }, 'pl-PL');
		expect([1, 2, 5].map((n) => tn('nav.waiting', n))).toEqual(['1 customer waits', '2 czekają', '5 czeka']);
		expect(tn('pres.chats', 2)).toBe('2 chats');
	});
});
