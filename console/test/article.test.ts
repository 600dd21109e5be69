import { describe, expect, it } from 'vitest';
import { size } from '../src/format';
import { isImportable } from '../src/pages/knowledge/files';
import { statusWords } from '../src/pages/knowledge/IndexStatus';
import { tokenOf } from '../src/pages/signin/Setup';
import type { Article } from '../src/protocol';
import { applyTool, emptyForm, formOf, isChanged, reading, requestOf, tagsOf } from '../src/state/article';
import { citationsOf, withSuggestion } from '../src/state/memory';

describe('the form', () => {
	it('goes there and back', () => {
		const article = {
			title: 'T',
			body: 'B',
			url: '',
			tags: ['a', 'b'],
			locale: 'en',
			visibility: 'public',
			status: 'draft',
			questions: ['Where is it?', 'is it lost'],
		};
		const form = formOf(article as Article);
		expect(requestOf(form, 'v1')).toEqual({ ...article, version: 'v1' });
		expect(requestOf(form)).not.toHaveProperty('version');
	});

	it('tolerates an article without tags and questions', () => {
		expect(formOf({ tags: null } as unknown as Article)).toMatchObject({ tags: '', questions: '' });
	});

	it('has questions a line each, and says so when there are none left', () => {
		const questions = ' Where is it? \n\nis it lost\r\nWhere is it?\n';
		expect(requestOf({ ...emptyForm, questions }).questions).toEqual(['Where is it?', 'is it lost']);
		expect(requestOf({ ...emptyForm, questions: '\n' }).questions).toEqual([]);
	});

	it('is changed by words, not by blanks around them', () => {
		expect(isChanged({ ...emptyForm, title: 'T ' }, { ...emptyForm, title: 'T' })).toBe(false);
		expect(isChanged({ ...emptyForm, tags: 'a,b' }, { ...emptyForm, tags: 'a, b, ' })).toBe(false);
		expect(isChanged({ ...emptyForm, questions: 'a\n\n b' }, { ...emptyForm, questions: 'a\nb' })).toBe(false);
		expect(isChanged({ ...emptyForm, questions: 'a' }, emptyForm)).toBe(true);
		expect(isChanged({ ...emptyForm, body: 'x' }, emptyForm)).toBe(true);
	});

	it('has each tag once', () => {
		expect(tagsOf(' a, b,,a , c d ')).toEqual(['a', 'b', 'c d']);
	});
});

describe('tools', () => {
	it.each([
		['bold', 'word', '**word**', 'word'],
		['bold', '', '**text**', 'text'],
		['link', 'our shop', '[our shop](https://)', 'https://'],
		['list', 'a\nb', '- a\n- b', ''],
		['steps', 'a\nb', '1. a\n2. b', ''],
		['heading', 'a', '## a', ''],
	] as const)('%s of %j', (tool, selected, text, then) => {
		const made = applyTool(tool, selected);
		expect(made.text).toBe(text);
		expect(made.text.slice(made.from, made.to)).toBe(then);
	});
});

it('reading counts words, not marks', () => {
	expect(reading('# Two words\n\n- \n')).toEqual({ words: 2, minutes: 1 });
	expect(reading('a '.repeat(660)).minutes).toBe(3);
});

it.each([
	[{ articles: 50, chunks: 214, pending: 0 }, '50 articles, 214 passages, all searchable by meaning'],
	[{ articles: 1, chunks: 1, pending: 0 }, '1 article, 1 passage, all searchable by meaning'],
	[{ articles: 50, chunks: 214, pending: 37 }, '37 of 214 passages still by words only'],
	[{ articles: 0, chunks: 0, pending: 0 }, 'Nothing published yet'],
])('the index says %j', (status, words) => {
	expect(statusWords({ vectors: 0, model: '', version: 0, ...status })).toBe(words);
});

it('files are told by their names', () => {
	expect(['a.md', 'B.HTML', 'c.jsonl', 'd.png', 'e.CSV', 'csv'].filter(isImportable)).toEqual([
		'a.md',
		'B.HTML',
		'c.jsonl',
		'e.CSV',
	]);
	expect([size(10), size(12_400), size(2_500_000)]).toEqual(['1 kB', '12 kB', '2.5 MB']);
});

it('the setup token comes out of the fragment', () => {
	expect(tokenOf('#token=fd-setup-9Q2K')).toBe('fd-setup-9Q2K');
	expect(tokenOf('')).toBe('');
});

describe('a suggested reply', () => {
	const suggested = { text: 'We are sorry.', citations: [{ n: 1 }] } as unknown as Parameters<typeof withSuggestion>[1];

	it('goes behind what is written, but never into a note', () => {
		expect(withSuggestion({ text: 'Hello Lena.\n', note: false }, suggested).text).toBe('Hello Lena.\n\nWe are sorry.');
		expect(withSuggestion({ text: 'a note', note: true }, suggested)).toMatchObject({
			text: 'We are sorry.',
			note: false,
		});
	});

	it('cites its sources only while its words are there', () => {
		const draft = withSuggestion({ text: '', note: false }, suggested);
		expect(citationsOf({ ...draft, text: 'Hello. We are sorry. Bye.' })).toEqual([{ n: 1 }]);
		expect(citationsOf({ ...draft, text: 'We are not sorry.' })).toEqual([]);
		expect(citationsOf({ text: 'We are sorry.', note: false })).toEqual([]);
	});
});
