import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import en from '../src/text/en.json';
import { fill, parts, speak, t, use } from '../src/text/words';

const folder = join(import.meta.dirname, '../src/text');
const tables = readdirSync(folder)
	.filter((name) => name.endsWith('.json'))
	.map((name) => [name.slice(0, -5), JSON.parse(readFileSync(join(folder, name), 'utf8'))] as const);

const ordinals = ['place'];
const places = (words: string | Record<string, string>) => [
	...new Set([...JSON.stringify(words).matchAll(/\{(\w+)\}/g)].map((m) => m[1])),
];

test.each(tables)('%s has all words, with the same places and its own plurals', (tag, table) => {
	expect(Object.keys(table)).toEqual(Object.keys(en));
	expect(['ltr', 'rtl']).toContain(table.dir);
	expect(Intl.getCanonicalLocales(table.locale)[0]?.split('-')[0]).toBe(tag.split('-')[0]);
	for (const [key, own] of Object.entries(en)) {
		const words = table[key];
		if (typeof own === 'string') {
			expect(words, key).toEqual(expect.any(String));
			expect(words.trim(), key).not.toBe('');
			expect(places(words).sort(), key).toEqual(places(own).sort());
			continue;
		}
		const type = ordinals.includes(key) ? 'ordinal' : 'cardinal';
		const { pluralCategories } = new Intl.PluralRules(table.locale, { type }).resolvedOptions();
		expect(Object.keys(words).sort(), key).toEqual([...pluralCategories].sort());
		for (const form of Object.values<string>(words)) for (const p of places(form)) expect(places(own)).toContain(p);
	}
});

test('words take values', () => {
	expect(fill(en.joined, { time: '10:00', name: '{n}' })).toBe('10:00 · {n} joined');
	expect([1, 2].map((n) => fill(en.sources, { n }))).toEqual(['1 source', '2 sources']);
	expect([1, 2, 3, 4, 22].map((n) => fill(en.place, { n }, 'ordinal').slice(8, 12))).toEqual([
		'1st ',
		'2nd ',
		'3rd ',
		'4th ',
		'22nd',
	]);
	expect(parts('a {b} c', { b: 1 })).toEqual(['a ', 1, ' c']);
});

afterEach(() => {
	vi.unstubAllGlobals();
	use(en);
});

const serve = (...tags: string[]) => {
	const asked: string[] = [];
	vi.stubGlobal('fetch', async (url: URL) => {
		const tag = /locale-(.+)\.json/.exec(url.href)?.[1] ?? '';
		asked.push(tag);
		return Response.json({ ...en, locale: tag }, { status: tags.includes(tag) ? 200 : 404 });
	});
	return asked;
};

test.each([
	['de', 'de', ['de']],
	['de-AT', 'de', ['de-AT', 'de']],
	['zh-Hant-HK', 'zh-Hant', ['zh-Hant-HK', 'zh-Hant']],
	['xx', 'en', ['xx', 'en']],
	['', 'en', ['', 'en']],
])('"%s" is spoken as %s', async (tag, spoken, asks) => {
	const asked = serve('en', 'de', 'zh-Hant');
	await speak(tag);
	expect([t.locale, document.documentElement.lang]).toEqual([spoken, spoken]);
	expect(asked).toEqual(asks.filter(Boolean));
});

test('the language that was asked for last is spoken', async () => {
	serve('en', 'de');
	await Promise.all([speak('de'), speak('en')]);
	expect(t.locale).toBe('en');
});
