import { describe, expect, it } from 'vitest';
import type { Article, ConversationRow, ConversationView, Macro, Me } from '../src/protocol';
import { alertsOf, knownOf, promisesDue } from '../src/state/alerts';
import { fillIn, gapsOf, matching, spliced, triggerAt, valuesOf } from '../src/state/macros';
import { citationsOf, withSuggestion } from '../src/state/memory';
import { linkTo, mentionsIn, namedIn } from '../src/state/talk';

const known = ['customer.first_name', 'agent.name', 'promise.due'];

describe('canned replies', () => {
	it('fills what is known and leaves the rest as gaps', () => {
		const view = { person: { name: '', email: 'l@example.com' }, inbox: 'i' } as unknown as ConversationView;
		const me = {
			user: { name: 'Ana Lind' },
			inboxes: [{ id: 'i', name: 'Shop', settings: { brand: '' } }],
		} as unknown as Me;
		const values = valuesOf(view, me, 0);
		expect(values).toMatchObject({
			'customer.email': 'l@example.com',
			'agent.first_name': 'Ana',
			'inbox.brand': 'Shop',
		});
		const text = fillIn('Hi {{customer.first_name}}, {{agent.name}} here. {{other}}', values);
		expect(text).toBe('Hi {{customer.first_name}}, Ana Lind here. {{other}}');
		expect(gapsOf(text, known)).toEqual([{ name: 'customer.first_name', start: 3, end: 26 }]);
	});

	it('fills attributes of the customer, verified ones first', () => {
		const said = (name: string, value: string, by: string) => ({ name, value, by, at: '' });
		const person = {
			name: '',
			attributes: [said('plan', 'team', 'token'), said('plan', 'gold', 'page'), said('Kunden-Nr. 2', '7', 'page')],
		};
		const me = { user: { name: 'Ana Lind' }, inboxes: [] } as unknown as Me;
		const values = valuesOf({ person, inbox: 'i' } as unknown as ConversationView, me, 0);
		const text = fillIn(
			'{{customer.attributes.plan}} {{customer.attributes.Kunden-Nr. 2}} {{customer.attributes.seats}}',
			values,
		);
		expect(text).toBe('team 7 {{customer.attributes.seats}}');
		expect(gapsOf(text, known)).toEqual([{ name: 'customer.attributes.seats', start: 7, end: 36 }]);
	});

	it.each([
		['/', 1, false, { kind: 'macro', query: '', start: 0 }],
		['Hello /lo', 9, false, { kind: 'macro', query: 'lo', start: 6 }],
		['Hello /lo and', 9, false, { kind: 'macro', query: 'lo', start: 6 }],
		['and/or', 6, false, undefined],
		['https://x', 9, false, undefined],
		['@jo', 3, true, { kind: 'person', query: 'jo', start: 0 }],
		['@jo', 3, false, undefined],
		['me@jo', 5, true, undefined],
		['/rück', 5, false, { kind: 'macro', query: 'rück', start: 0 }],
		['/lost parcel', 12, false, undefined],
	] as const)('%j with the caret at %i opens %o', (text, caret, note, want) => {
		expect(triggerAt(text, caret, note)).toEqual(want);
	});

	it('finds by code before name before text', () => {
		const macro = (code: string, name: string, text: string) => ({ code, name, text }) as Macro;
		const all = [
			macro('bye', 'x', 'the refund'),
			macro('x', 'Refund', 'x'),
			macro('refund', 'x', 'x'),
			macro('no', 'x', 'x'),
		];
		expect(matching(all, 'ref').map((m) => m.code)).toEqual(['refund', 'x', 'bye']);
	});

	it('puts the caret at the first gap, or behind', () => {
		expect(spliced('/x', 0, 2, 'Hi {{agent.name}}!', known)).toEqual({ text: 'Hi {{agent.name}}!', select: [3, 17] });
		expect(spliced('a /x b', 2, 4, 'Hi', known)).toEqual({ text: 'a Hi b', select: [4, 4] });
	});
});

describe('mentions', () => {
	it('are of those whom the text still names', () => {
		const people = [
			{ id: '1', name: 'Ana' },
			{ id: '2', name: 'Ana Maria' },
			{ id: '3', name: 'Tom' },
		];
		expect(namedIn('@Tom and @Ana', people)).toEqual(['1', '3']);
		expect(mentionsIn('@Ana Maria, @Ana', ['Ana', 'Ana Maria'])).toEqual([
			{ start: 0, end: 10 },
			{ start: 12, end: 16 },
		]);
	});
});

describe('sources of a draft', () => {
	const article = {
		id: 'a',
		version: 'v',
		number: 3,
		title: 'Delivery',
		url: '',
		visibility: 'public',
		status: 'published',
	} as Article;
	it('are those whose words are still there, each once', () => {
		const link = linkTo(article);
		if (!link) throw new Error('it may be quoted');
		let draft = withSuggestion({ text: 'Hello', note: false }, link);
		draft = withSuggestion(draft, {
			text: 'It takes a day.',
			citations: [{ ...link.citations[0], version: 'w' } as never],
		});
		expect(draft.text).toBe('Hello\n\n“Delivery”\n\nIt takes a day.');
		expect(citationsOf(draft).map((c) => [c.n, c.version])).toEqual([
			[1, 'v'],
			[2, 'w'],
		]);
		expect(citationsOf({ ...draft, text: 'It takes a day.' }).map((c) => [c.n, c.version])).toEqual([[1, 'w']]);
	});
	it('are never internal or unpublished articles', () => {
		expect(linkTo({ ...article, visibility: 'internal' })).toBeUndefined();
		expect(linkTo({ ...article, status: 'draft' })).toBeUndefined();
	});
});

describe('alerts', () => {
	const row = (change: Partial<ConversationRow>) =>
		({
			id: 'c',
			status: 'open',
			owner: 'bot',
			epoch: 1,
			customer_seq: 1,
			last_from: 'customer',
			customer_name: 'Lena',
			last_text: 'Hi',
			subject: 'S',
			...change,
		}) as ConversationRow;
	const kinds = (was: Partial<ConversationRow> | null, is: Partial<ConversationRow>, online = true) =>
		alertsOf([row(is)], knownOf(was ? [row(was)] : [], null), 'me', online).map((a) => a.kind);
	it.each([
		['it waits now', {}, { owner: 'queue' }, ['queued']],
		['it is new and waits', null, { owner: 'queue' }, ['queued']],
		['it waited before', { owner: 'queue' }, { owner: 'queue', customer_seq: 2 }, []],
		['it is offered to me', { owner: 'queue' }, { owner: 'queue', offered: 'me' }, ['offered']],
		['it is offered to another', {}, { owner: 'queue', offered: 'you' }, []],
		[
			'a customer answers in mine',
			{ owner: 'agent', agent: 'me' },
			{ owner: 'agent', agent: 'me', customer_seq: 2 },
			['reply'],
		],
		['I answer in mine', { owner: 'agent', agent: 'me' }, { owner: 'agent', agent: 'me', last_from: 'agent' }, []],
		[
			'a customer answers in another’s',
			{ owner: 'agent', agent: 'you' },
			{ owner: 'agent', agent: 'you', customer_seq: 2 },
			[],
		],
		['it was given to me', { owner: 'agent', agent: 'you' }, { owner: 'agent', agent: 'me' }, ['given']],
		['it was closed', { owner: 'queue' }, { status: 'closed' }, []],
	] as const)('%s', (_, was, is, want) => {
		expect(kinds(was as Partial<ConversationRow> | null, is as Partial<ConversationRow>)).toEqual(want);
	});
	it('says nothing of the queue to who is away', () => {
		expect(kinds({}, { owner: 'queue' }, false)).toEqual([]);
	});
	it('says when a promise of mine falls due soon, and not after', () => {
		const now = Date.parse('2026-11-22T10:00:00Z');
		const mine = (promised: string, agent = 'me') => knownOf([row({ owner: 'agent', agent, promised })], null);
		expect(promisesDue(mine('2026-11-22T10:09:00Z'), 'me', now)).toHaveLength(1);
		expect(promisesDue(mine('2026-11-22T10:11:00Z'), 'me', now)).toHaveLength(0);
		expect(promisesDue(mine('2026-11-22T09:59:00Z'), 'me', now)).toHaveLength(0);
		expect(promisesDue(mine('2026-11-22T10:09:00Z', 'you'), 'me', now)).toHaveLength(0);
	});
});
