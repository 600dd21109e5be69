import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { count, customerName, due, initials, ordinal, probability, shortUrl, when } from '../src/format';
import { locale, speak, t, tn } from '../src/text';
import { de } from '../src/text/de';
import { en } from '../src/text/en';
import { uuidv7 } from '../src/uuid';

/** The code of a folder, without the tables of words. */
function sources(folder: string): string {
	return readdirSync(folder, { withFileTypes: true })
		.map((entry) => {
			const path = join(folder, entry.name);
			if (entry.isDirectory()) return entry.name === 'text' ? '' : sources(path);
			return /\.tsx?$/.test(entry.name) ? readFileSync(path, 'utf8') : '';
		})
		.join('\n');
}

describe('the catalogue', () => {
	it('holds nothing that no page says', () => {
		const code = sources('src');
		const keys = Object.keys(en);
		expect(keys.length).toBeGreaterThan(100);
		const unused = keys.filter((key) => {
			const stem = key.replace(/\.(one|two|few|other)$/, '');
			// Keys that are put together are asked for as `stem.${…}`.
			const parts = stem.split('.');
			const built = parts.slice(0, -1).join('.');
			return !code.includes(`'${stem}'`) && !code.includes(`\`${built}.\${`) && !code.includes(`"${stem}"`);
		});
		expect(unused).toEqual([]);
	});

	it('puts values in and leaves a missing one visible', () => {
		expect(t('conv.has', { name: 'Jonas' })).toBe('Jonas has it');
		expect(t('conv.has')).toBe('{name} has it');
		expect(tn('nav.waiting', 1)).toBe('1 customer waits');
		expect(tn('nav.waiting', 3)).toBe('3 customers wait');
		expect(tn('articles.total', 1204, { n: count(1204) })).toBe('1,204 articles');
	});
});

describe('format', () => {
	it('words the handle of a visitor without a name', () => {
		expect(customerName('Visitor 7Q2K')).toBe('Visitor 7Q2K');
		const was = locale();
		speak(de, 'de');
		expect(customerName('Visitor 7Q2K')).toBe('Besucher 7Q2K');
		expect(initials(customerName('Visitor 7Q2K'))).toBe('7Q');
		for (const name of ['Lena Brandt', 'Visitor', 'Visitor centre', 'Our Visitor 7Q2K'])
			expect(customerName(name)).toBe(name);
		expect(customerName(undefined)).toBe('');
		speak(en, was);
	});

	it.each([
		[0.7234, '.72'],
		[1, '1.00'],
		[0, '.00'],
		[1.4, '1.00'],
	])('probability of %f', (p, want) => {
		expect(probability(p)).toBe(want);
	});

	it.each([
		['Lena Brandt', 'LB'],
		['Visitor 7Q2K', '7Q'],
		['Jonas', 'J'],
		['  Ana Maria Lindqvist ', 'AL'],
		['Özlem Şahin', 'ÖŞ'],
		['', ''],
	])('initials of %j', (name, want) => {
		expect(initials(name)).toBe(want);
	});

	it.each([
		[1, '1st'],
		[2, '2nd'],
		[3, '3rd'],
		[11, '11th'],
		[22, '22nd'],
	])('ordinal of %i', (n, want) => {
		expect(ordinal(n)).toBe(want);
	});

	it('times are as near as they need to be', () => {
		const now = new Date(2026, 10, 22, 12, 0).getTime();
		expect(when(new Date(2026, 10, 22, 9, 5).getTime(), now)).toBe('09:05');
		expect(when(new Date(2026, 10, 19, 9, 5).getTime(), now)).toBe('Thu');
		expect(when(new Date(2026, 10, 2, 9, 5).getTime(), now)).toBe('2 Nov');
		expect(when(new Date(2025, 10, 2, 9, 5).getTime(), now)).toBe('2 Nov 2025');
		expect(due(new Date(2026, 10, 22, 13, 0).getTime(), now)).toBe('13:00');
		expect(due(new Date(2026, 10, 23, 11, 0).getTime(), now)).toBe('Mon, 11:00');
	});

	it('addresses are short', () => {
		expect(shortUrl('https://www.shop.example/a/')).toBe('shop.example/a');
	});
});

describe('uuidv7', () => {
	it('has its form and sorts by time', () => {
		const early = uuidv7(1_790_000_000_000);
		expect(early).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
		expect(parseInt(early.replaceAll('-', '').slice(0, 12), 16)).toBe(1_790_000_000_000);
		expect(early < uuidv7(1_790_000_000_001)).toBe(true);
		expect(new Set(Array.from({ length: 1000 }, () => uuidv7())).size).toBe(1000);
	});
});
