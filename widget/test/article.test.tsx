import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Client } from '../src/core/client';
import type { Answer, Citation, Entry } from '../src/protocol';
import type { Source } from '../src/ui/App';
import { Article } from '../src/ui/article/Article';
import { message, whole } from '../src/ui/Message';
import type { Shell } from '../src/ui/parts';
import { stage } from './client';
import { redraw, render } from './drawn';
import { bot, customer, entry, moved } from './fixtures';

const cited = (n: number, title: string) =>
	({ n, article: `a${n}`, version: `v${n}`, title, spans: [{ start: n, end: 9 }] }) as Citation;
const related = [
	{ article: 'a1', title: 'Change your address' },
	{ article: 'a2', title: 'Where is my parcel?' },
];
const asks = entry(1, 'message', customer, { text: 'How?' });
const says = (answer: Partial<Answer>) =>
	entry(2, 'message', bot, { text: 'Words', answer: { turn: 't', confidence: 0, action: 'answer', ...answer } });

let root: HTMLElement;
let client: Client;

beforeEach(() => {
	({ root, client } = stage());
});

afterEach(() => vi.unstubAllGlobals());

const chips = () => [...root.querySelectorAll<HTMLElement>('.src')];

const shell = (rest: Partial<Shell>): Shell => ({
	client,
	inbox: 'site',
	close: undefined,
	open: vi.fn(),
	back: vi.fn(),
	home: vi.fn(),
	...rest,
});

async function show(e: Entry) {
	const open = vi.fn();
	await vi.waitUntil(() => whole(e));
	render(() => message(e, undefined, shell({ open })), root);
	return open;
}

test('an answer out of two articles has a chip for each, which opens it', async () => {
	const citations = [cited(1, 'Reset a password'), cited(2, 'Delivery')];
	const openSource = await show(says({ citations }));
	expect(root.querySelector('.srcs')?.getAttribute('aria-label')).toBe('2 sources');
	for (const [i, chip] of chips().entries()) {
		chip.click();
		expect(openSource).toHaveBeenLastCalledWith(citations[i], 2, chip);
	}
	expect(openSource).toHaveBeenCalledTimes(2);
});

test('a handoff shows what may help meanwhile, under words that name the list', async () => {
	const openSource = await show(says({ action: 'handoff', related }));
	const list = root.querySelector('.srcs');
	const name = document.getElementById(list?.getAttribute('aria-labelledby') ?? '');
	expect(name?.textContent).toBe('This may help meanwhile');
	expect(chips().map((c) => c.textContent)).toEqual(['Change your address', 'Where is my parcel?']);
	chips()[1]?.click();
	expect(openSource).toHaveBeenCalledWith(related[1], 0, chips()[1]);
});

test.each([undefined, []])('a handoff with %o beside it shows no list', async (none) => {
	await show(says({ action: 'handoff', ...(none && { related: none }) }));
	expect(root.querySelector('.srcs')).toBeNull();
	expect(root.textContent).not.toContain('meanwhile');
});

/** Opens an article while the conversation stands as its entries say. */
async function open(cited: Source['cited'], ...entries: Entry[]) {
	const fetch = vi.fn(async (_: string) =>
		Response.json({ title: 'Delivery', updated_at: asks.at, minutes: 1, blocks: [], tags: [] }),
	);
	vi.stubGlobal('fetch', fetch);
	const back = vi.fn();
	const source: Source = { cited, of: 2 };
	const draw = async (...entries: Entry[]) => {
		client.log.entries = entries;
		await redraw();
	};
	client.log.entries = entries;
	render(() => <Article shell={shell({ back })} source={source} />, root);
	await draw(...entries);
	return { back, draw, asked: () => fetch.mock.calls[0]?.[0], head: () => root.querySelector('.nm')?.textContent };
}

test('a source is shown as it was cited', async () => {
	const { asked, head } = await open(cited(2, 'Delivery'), asks);
	expect(asked()).toMatch(/\/v1\/articles\/v2\?inbox=site&spans=2-9$/);
	expect(head()).toBe('ArticleSource 2 of 2');
});

test('a related article is shown as it is now, and stays while nothing changes in the line', async () => {
	const queued = moved(2, 'queue');
	const { asked, head, back, draw } = await open(related[0] as (typeof related)[0], asks, queued);
	expect(asked()).toMatch(/\/v1\/articles\/a1\?inbox=site&spans=$/);
	expect(head()).toBe('ArticleThis may help meanwhile');
	await draw(asks, queued, entry(3, 'notice', bot, { notice: { kind: 'queued', place: 1 } }));
	expect(back).not.toHaveBeenCalled();
	await draw(asks, queued, moved(3, 'agent', { name: 'Ana' }));
	expect(back).toHaveBeenCalled();
});

test.each([
	[404, /There is no such article/, false],
	[503, /did not load/, true],
])(
	'of an article that answers with %i it is said why, and it is asked for again if that may help',
	async (status, words, again) => {
		vi.stubGlobal('fetch', async () => Response.json({ detail: 'no' }, { status }));
		const source = { cited: cited(1, 'Delivery'), of: 1 };
		render(() => <Article shell={shell({})} source={source} />, root);
		await vi.waitFor(() => expect(root.querySelector('[role=alert]')?.textContent).toMatch(words));
		expect(!!root.querySelector('[role=alert] button')).toBe(again);
	},
);
