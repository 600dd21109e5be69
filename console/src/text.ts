import { en } from './text/en';

/*
 * Every word of the console, by area in text/en. A text holds {names} for values; one that depends on a number comes as
 * `key.one` and `key.other` and is asked for with tn. Another language is another table of the same keys (see
 * language.ts); where it has more plural forms than English, its table has those keys as well.
 */

export type Key = keyof typeof en;
type Stem<K extends string> = K extends `${infer S}.other` ? S : never;
type PluralKey = Stem<Key>;
type Values = Record<string, string | number>;

/** The words of one language: every key, and the plural forms that English does not have. */
export type Table = Record<Key, string> & Partial<Record<`${PluralKey}.${'zero' | 'two' | 'few' | 'many'}`, string>>;

let table: Table = en;
let tag = 'en-GB';
let plurals = new Intl.PluralRules(tag);
let ordinals = new Intl.PluralRules(tag, { type: 'ordinal' });

/** The language of the words, and of times and numbers among them. */
export function locale(): string {
	return tag;
}

/** Says everything in another language from now on. What is drawn already stays as it is. */
export function speak(words: Table, as: string): void {
	// What a language does not say yet is said in English; the tests tell.
	table = { ...en, ...words };
	tag = as;
	plurals = new Intl.PluralRules(tag);
	ordinals = new Intl.PluralRules(tag, { type: 'ordinal' });
}

/** The words of a key, with its values put in. */
export function t(key: Key, values?: Values): string {
	return fill(table[key], values);
}

/** The words for n things; {n} is the number unless a value of that name is given. */
export function tn(key: PluralKey, n: number, values?: Values): string {
	return fill(form(key, plurals.select(n)), { n, ...values });
}

/** The words for the nth thing. */
export function tnth(n: number): string {
	return fill(form('nth', ordinals.select(n)), { n });
}

function form(key: PluralKey, rule: Intl.LDMLPluralRule): string {
	return table[`${key}.${rule}` as Key] ?? table[`${key}.other` as Key];
}

function fill(text: string, values: Values = {}): string {
	return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
