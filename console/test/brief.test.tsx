import { describe, expect, it, vi } from 'vitest';
import { BriefBar, BriefCard } from '../src/pages/inbox/Brief';
import { trailDots } from '../src/pages/inbox/Trail';
import type { Brief } from '../src/protocol';
import { press, render } from './render';

const empty = {
	version: 1,
	goal: '',
	tried: [],
	open: [],
	articles: [],
	confidence: [],
	why: '',
	reason: '',
	language: '',
	mood: '',
	page: {},
	device: '',
	identity: '',
	attributes: [],
	journey: [],
	shop: [],
	suggested: null,
	took_ms: 0,
} as Brief;
const full: Brief = {
	...empty,
	goal: 'Where is my parcel?',
	opener: 'Did everything arrive?',
	tried: ['Asked the neighbours'],
	open: ['New parcel or refund?'],
	articles: [
		{ article: 'a1', number: 7, title: 'Parcel shown as delivered', score: 0.84, shown: true, internal: false },
	],
	confidence: [
		{ at: '2026-11-22T10:34:00Z', confidence: 0.84, action: 'answer' },
		{ at: '2026-11-22T10:38:00Z', confidence: 0.31, action: 'handoff' },
	],
	why: 'No answer was likely enough to be right.',
	reason: 'low_confidence',
	language: 'de',
	mood: 'worried',
	page: { url: 'https://shop.example/order', title: 'Your order' },
	identity: 'verified',
	suggested: {
		text: 'I am sorry.',
		citations: [
			{
				n: 1,
				article: 'a2',
				version: 'v',
				number: 3,
				external_id: 'x',
				title: 'Report a lost parcel',
				score: 0.7,
				spans: [],
			},
		],
	},
	took_ms: 41.2,
};
const parts = ['Goal', 'Tried', 'Open questions', 'Articles', 'Confidence', 'Why now', 'Suggested reply'];
const card = (brief: Brief, onInsert = vi.fn()) =>
	render(<BriefCard brief={brief} at="2026-11-22T10:38:00Z" earlier={2} onFold={() => {}} onInsert={onInsert} />);
const headings = (box: HTMLElement) => [...box.querySelectorAll('h4')].map((h) => h.textContent);

describe('the brief', () => {
	it('has the same parts in the same order, whatever is in it', async () => {
		expect(headings(await card(full))).toEqual(parts);
		expect(headings(await card(empty))).toEqual(parts);
	});

	it.each(['shadow', 'suggest'])('begins with the answer that the bot had, for %s', async (reason) => {
		const box = await card({ ...full, reason } as Brief);
		expect(headings(box)).toEqual(['The bot would have answered', ...parts.slice(0, -1)]);
		expect(box.querySelector('.brief-reply')?.textContent).toContain('I am sorry.');
		expect(headings(await card({ ...empty, reason } as Brief))).toEqual(parts);
	});

	it('says "none" in each part that has nothing', async () => {
		const box = await card(empty);
		expect([...box.querySelectorAll('.brief-none')].map((p) => p.textContent)).toEqual(Array(7).fill('none'));
	});

	it('tolerates lists that are null', async () => {
		const box = await card({ ...empty, tried: null, open: null, articles: null, confidence: null } as unknown as Brief);
		expect(box.querySelectorAll('.brief-none')).toHaveLength(7);
	});

	it('shows what it holds', async () => {
		const words = (await card(full)).textContent;
		for (const part of [
			'“Where is my parcel?”',
			'The customer answered an automatic message: “Did everything arrive?”',
			'Asked the neighbours',
			'New parcel or refund?',
			'Parcel shown as delivered',
			'v7',
			'.84',
			'No answer was likely enough to be right: the best had a confidence of .31.',
			'Not sure enough',
			'German',
			'worried',
			'verified',
			'Your order',
			'2 earlier chats',
			'I am sorry.',
			'Report a lost parcel, v3',
			'made in 41 ms',
		]) {
			expect(words).toContain(part);
		}
	});

	it('inserts the suggested reply with its sources', async () => {
		const onInsert = vi.fn();
		const box = await card(full, onInsert);
		await press([...box.querySelectorAll('button')].find((b) => b.textContent?.includes('Insert')));
		expect(onInsert).toHaveBeenCalledWith(full.suggested);
	});

	it('folds to one line', async () => {
		const onUnfold = vi.fn();
		const box = await render(<BriefBar brief={full} onUnfold={onUnfold} />);
		expect(box.textContent).toContain('“Where is my parcel?”');
		await press(box.querySelector('button'));
		expect(onUnfold).toHaveBeenCalledTimes(1);
	});
});

describe('the trail', () => {
	it('is a picture with a sentence', async () => {
		const picture = (await card(full)).querySelector('.trail');
		expect(picture?.getAttribute('role')).toBe('img');
		expect(picture?.getAttribute('aria-label')).toMatch(/^Confidence by turn: .* \.84, .* \.31\. Handed over at /);
	});

	it('lies higher the surer the bot was, and within its frame', () => {
		const dots = trailDots([...full.confidence, { at: '2026-11-22T10:40:00Z', confidence: 7, action: 'answer' }]);
		expect(dots[0]?.y).toBeLessThan(dots[1]?.y ?? 0);
		expect(dots[2]?.y).toBe(18);
		expect(dots.map((d) => d.x)).toEqual([24, 119, 214]);
		expect(dots.map((d) => d.handed)).toEqual([false, true, false]);
	});

	it('has one point in the middle when there is one', () => {
		expect(trailDots(full.confidence.slice(0, 1)).map((d) => d.x)).toEqual([119]);
	});
});
