import { describe, expect, it } from 'vitest';
import type { PromptState, Style } from '../src/protocol';
import { diffWords } from '../src/state/diff';
import { emptySubject, exampleOf, factsOf, faultsOf, formOf, isChanged, statusOf, styleOf } from '../src/state/voice';

const unset: Style = {
	name: '',
	tone: '',
	address: '',
	languages: [],
	length: '',
	emoji: '',
	sign_off: '',
	off_limits: [],
};
const full: Style = {
	name: 'Kiki',
	tone: 'warm',
	address: 'informal',
	languages: ['de', 'en'],
	length: 'long',
	emoji: 'rarely',
	sign_off: 'Your team',
	off_limits: [
		{ name: 'Law', phrases: ['lawyer', 'law suit*'], answer: '' },
		{ name: 'Rivals', phrases: ['other shop'], answer: 'We speak of our own things only.' },
	],
};

describe('a style', () => {
	it('comes back from its form', () => {
		expect(styleOf(formOf(full))).toEqual(full);
		expect(styleOf(formOf(unset))).toEqual({ ...unset, tone: 'plain', length: 'short', emoji: 'never' });
	});

	it('is unchanged until something else would be saved', () => {
		const form = formOf(unset);
		expect(isChanged(form, unset)).toBe(false);
		expect(isChanged({ ...form, name: '  ' }, unset)).toBe(false);
		expect(isChanged({ ...form, languages: 'de' }, unset)).toBe(false); // not asked for
		expect(isChanged({ ...form, language: 'fixed', languages: 'de' }, unset)).toBe(true);
		expect(isChanged({ ...form, tone: 'brisk' }, unset)).toBe(true);
	});

	it('drops what is empty or twice, and the answer of a subject that brings in a person', () => {
		const subject = {
			...emptySubject(),
			name: ' Law ',
			phrases: ' lawyer \n\nlawyer\nsue',
			does: 'person' as const,
			answer: 'x',
		};
		const form = { ...formOf(unset), language: 'fixed' as const, languages: 'de, , en,de', offLimits: [subject] };
		expect(styleOf(form)).toMatchObject({
			languages: ['de', 'en'],
			off_limits: [{ name: 'Law', phrases: ['lawyer', 'sue'], answer: '' }],
		});
	});

	it('says what stands in its way', () => {
		const form = formOf(full);
		expect(faultsOf(form)).toEqual({});
		expect(faultsOf({ ...form, languages: '' }).languages).toMatch(/at least one/);
		expect(faultsOf({ ...form, languages: 'en, german please' }).languages).toMatch(/german please/);
		expect(faultsOf({ ...form, language: 'customer', languages: 'german please' })).toEqual({});
		const subject = { ...emptySubject(), does: 'answer' as const };
		const faults = faultsOf({ ...form, offLimits: [subject] });
		expect(Object.keys(faults).sort()).toEqual([`${subject.key}.answer`, `${subject.key}.phrases`]);
		expect(
			faultsOf({ ...form, offLimits: [{ ...subject, phrases: 'ab', answer: 'x' }] })[`${subject.key}.phrases`],
		).toMatch(/ab/);
	});

	it('has facts for the history', () => {
		const facts = new Map(factsOf(full));
		expect(facts.get('Off limits')).toBe('Law; Rivals');
		expect(facts.get('Answers in')).toBe('de, en');
		expect(new Map(factsOf(unset)).get('Sign-off')).toBe('none');
	});
});

describe('the example', () => {
	it('follows the form', () => {
		const form = formOf(unset);
		expect(exampleOf(form, 'en')).toEqual([
			'E2 means that the sensor gives no value. Wipe the contacts with a dry cloth.',
		]);
		expect(exampleOf({ ...form, tone: 'brisk', length: 'medium' }, 'en')).toHaveLength(2);
		const long = exampleOf(formOf(full), 'de');
		expect(long).toHaveLength(5);
		expect(long.at(-1)).toBe('Your team');
		expect(long.join(' ')).toMatch(/Wisch die Kontakte/);
		expect(exampleOf({ ...formOf(full), address: 'formal' }, 'de').join(' ')).toMatch(/Wischen Sie/);
		expect(exampleOf({ ...form, tone: 'formal' }, 'de')[0]).toMatch(/Ihre Nachricht/);
	});
});

describe('a prompt', () => {
	const prompt: PromptState = {
		name: 'compose',
		default: 'd',
		live: null,
		draft: null,
		outdated: false,
		notes: [],
		shown: '',
	};
	const text = { text: 'x', base: 'd' };
	it.each([
		[prompt, 'default'],
		[{ ...prompt, live: text }, 'own'],
		[{ ...prompt, live: text, outdated: true }, 'outdated'],
		[{ ...prompt, live: text, draft: text }, 'draft'],
	] as const)('stands as it stands', (state, want) => {
		expect(statusOf(state)).toBe(want);
	});
});

describe('word diff', () => {
	const both = (before: string, after: string) => {
		const pieces = diffWords(before, after);
		const without = (kind: string) =>
			pieces
				.filter((piece) => piece.kind !== kind)
				.map((piece) => piece.text)
				.join('');
		expect(without('added')).toBe(before);
		expect(without('removed')).toBe(after);
		return pieces;
	};
	it('marks what changed and nothing else', () => {
		expect(both('Be kind. Be short.', 'Be kind. Be very short.')).toEqual([
			{ kind: 'same', text: 'Be kind. Be ' },
			{ kind: 'added', text: 'very ' },
			{ kind: 'same', text: 'short.' },
		]);
		expect(both('same', 'same')).toEqual([{ kind: 'same', text: 'same' }]);
		expect(both('', 'new')).toEqual([{ kind: 'added', text: 'new' }]);
		expect(both('', '')).toEqual([]);
	});
	it('gives both texts back whatever they are', () => {
		let seed = 7;
		const random = (n: number) => {
			seed = (seed * 1103515245 + 12345) % 2147483648;
			return seed % n;
		};
		const words = ['a', 'b', ' ', '\n', 'ä', '{{.Name}}', '.', '🙂'];
		const text = () => Array.from({ length: random(30) }, () => words[random(words.length)]).join('');
		for (let i = 0; i < 200; i++) both(text(), text());
	});
	it('compares texts that are too long as wholes', () => {
		const long = (word: string) => Array.from({ length: 3000 }, (_, i) => `${word}${i}`).join(' ');
		expect(both(long('a'), long('b'))).toHaveLength(2);
	});
});
