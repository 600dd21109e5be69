import { en } from './text/en';

/*
 * Every word of the console, by area in text/en. A text holds {names} for values; one that depends on a number comes as
 * `key.one` and `key.other` and is asked for with tn. Another language is another table of the same keys.
 */

export type Key = keyof typeof en;
type Stem<K extends string> = K extends `${infer S}.other` ? S : never;
type PluralKey = Stem<Key>;
type Values = Record<string, string | number>;

/** The language of the words, and of times and numbers among them. */
export const locale = 'en-GB';

const plurals = new Intl.PluralRules(locale);

/** The words of a key, with its values put in. */
export function t(key: Key, values?: Values): string {
	return fill(en[key], values);
}

/** The words for n things; {n} is the number unless a value of that name is given. */
export function tn(key: PluralKey, n: number, values?: Values): string {
	const form: string = plurals.select(n) === 'one' ? 'one' : 'other';
	return fill(en[`${key}.${form}` as Key], { n, ...values });
}

function fill(text: string, values: Values = {}): string {
	return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
