import { expect, test } from 'vitest';
import type { ProactiveRule } from '../src/protocol';
import { type Moment, matches, pick } from '../src/ui/proactive/rules';

const day = 24 * 3_600_000;
const now = Date.UTC(2026, 10, 22);
const rule = (more: Partial<ProactiveRule> = {}): ProactiveRule => ({ id: 'a', text: 'Hello', after: 5, ...more });
const moment = (more: Partial<Moment> = {}): Moment => ({
	url: 'https://shop.example/coffee/beans',
	language: 'en-GB',
	closed: false,
	now,
	seen: {},
	...more,
});

test.each([
	['/coffee/*', true],
	['/coffee', false],
	['/COFFEE/beans', true],
	['*beans', true],
	['https://shop.example/*', true],
	['http://shop.example/*', false],
	['/coffee/b.ans', false], // a dot is a dot
	['/(', false],
])('the pattern %s', (pattern, fits) => {
	expect(matches(pattern, moment().url)).toBe(fits);
});

test('a page without a path is /', () => expect(matches('/', 'https://shop.example')).toBe(true));

test.each<[string, Partial<ProactiveRule>, Partial<Moment>, boolean]>([
	['everywhere', {}, {}, true],
	['another page', { pages: ['/tea/*'] }, {}, false],
	['one of two pages', { pages: ['/tea/*', '/coffee/*'] }, {}, true],
	['the language', { locales: ['en'] }, {}, true],
	['another language', { locales: ['de'] }, {}, false],
	['what only begins like the language', { locales: ['e'] }, {}, false],
	['nobody there', {}, { closed: true }, false],
	['nobody there, all the same', { closed: true }, { closed: true }, true],
	['seen, once and never again', {}, { seen: { a: { at: now - 900 * day } } }, false],
	['seen a week ago', { every_days: 7 }, { seen: { a: { at: now - 7 * day } } }, true],
	['seen six days ago', { every_days: 7 }, { seen: { a: { at: now - 6 * day } } }, false],
	['sent away', { every_days: 1 }, { seen: { a: { at: now - 900 * day, no: true } } }, false],
])('%s', (_, of, at, fits) => {
	expect(!!pick([rule(of)], moment(at))).toBe(fits);
});

test('the first that fits', () => {
	const rules = [rule({ id: 'no', pages: ['/tea'] }), rule({ id: 'yes' }), rule({ id: 'late' })];
	expect(pick(rules, moment())?.id).toBe('yes');
});
