import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Client } from '../src/core/client';
import type { Entry, InboxFace, Survey } from '../src/protocol';
import { Ended } from '../src/ui/ended/Ended';
import { of, Thumbs } from '../src/ui/feedback/Feedback';
import type { Shell } from '../src/ui/parts';
import { derive } from '../src/ui/people/state';
import { stage } from './client';
import { redraw, render } from './drawn';
import { bot, customer, entry, moved } from './fixtures';

let root: HTMLElement;
let client: Client;
let shell: Shell;
let answer: Entry;

beforeEach(() => {
	vi.useFakeTimers({ now: Date.UTC(2026, 10, 21, 10, 5), toFake: ['Date', 'setTimeout', 'setInterval'] });
	({ root, client } = stage());
	client.onChange = () => void redraw();
	shell = { client, home: () => {} } as unknown as Shell;
	answer = entry(2, 'message', bot, { text: '30 days.', answer: { action: 'answer' } as Entry['answer'] });
	client.log.entries = [entry(1, 'message', customer, { text: 'how long?' }), answer];
});

afterEach(() => {
	localStorage.clear();
	vi.useRealTimers();
});

const button = (name: string) =>
	[...root.querySelectorAll('button')].find((b) => (b.getAttribute('aria-label') ?? b.textContent) === name);
const click = async (name: string) => {
	button(name)?.click();
	await redraw();
};
const frames = () => client.outbox.items.map((i) => i.frame.d as unknown as Record<string, unknown>);
const last = () => {
	const { seq, helpful, reason, comment } = frames().at(-1) ?? {};
	return { seq, helpful, reason, comment };
};
const word = (seq: number, helpful: boolean) =>
	entry(seq, 'feedback', customer, { feedback: { seq: 2, helpful } as Entry['feedback'] });

test('only answers are asked about', () => {
	const asksBack = entry(3, 'message', bot, { answer: { action: 'clarify' } as Entry['answer'] });
	expect(Thumbs({ entry: asksBack, shell })).toBeNull();
	expect(of(asksBack, client)).toBe('');
});

test('a no is said at once, and then why; a person is one tap away', async () => {
	render(() => <Thumbs entry={answer} shell={shell} />, root);
	await click('No, this did not help');
	expect(last()).toEqual({ seq: 2, helpful: false, reason: undefined, comment: undefined });
	expect(button('No, this did not help')?.getAttribute('aria-pressed')).toBe('true');
	expect(button('Talk to a person')).toBeDefined();
	await click('Out of date');
	expect(last()).toMatchObject({ helpful: false, reason: 'outdated' });
	expect(button('Out of date')?.getAttribute('aria-pressed')).toBe('true');
	const comment = root.querySelector('textarea');
	if (comment) comment.value = ' It is 14 now ';
	comment?.dispatchEvent(new Event('input'));
	await redraw();
	await click('Send');
	expect(last()).toEqual({ seq: 2, helpful: false, reason: 'outdated', comment: 'It is 14 now' });
	expect(root.querySelector('.why')).toBeNull();
	expect(document.activeElement).toBe(button('No, this did not help'));
});

test('what is asked next is brought into view', async () => {
	const seen = vi.spyOn(Element.prototype, 'scrollIntoView');
	render(() => <Thumbs entry={answer} shell={shell} />, root);
	await click('Yes, this helped');
	expect(seen).not.toHaveBeenCalled();
	await click('No, this did not help');
	await click('Out of date');
	expect(seen.mock.instances).toEqual(Array(2).fill(root.querySelector('.fb')));
});

test('a mind that changes', async () => {
	client.log.entries = [...client.log.entries, word(3, false)];
	const before = of(answer, client);
	render(() => <Thumbs entry={answer} shell={shell} />, root);
	expect(button('No, this did not help')?.getAttribute('aria-pressed')).toBe('true');
	await click('Yes, this helped');
	expect(last()).toMatchObject({ seq: 2, helpful: true });
	expect(of(answer, client)).not.toBe(before);
	await click('Yes, this helped'); // it is said already
	expect(frames()).toHaveLength(1);
	client.outbox.acked(frames()[0]?.client_id as string);
	client.log.entries = [...client.log.entries, word(4, true)];
	await redraw();
	expect(button('Yes, this helped')?.getAttribute('aria-pressed')).toBe('true');
	expect(root.querySelector('[role=status]')?.textContent).toBe('Thank you.');
});

test('what the server refuses is said, and can be tried again', async () => {
	render(() => <Thumbs entry={answer} shell={shell} />, root);
	await click('Yes, this helped');
	client.outbox.mark(frames()[0]?.client_id as string, 'Too many words.');
	await redraw();
	expect(root.querySelector('.bad')?.textContent).toBe('Too many words.');
	await click('Try again');
	expect(client.outbox.next).toBeDefined();
});

const end = (survey: Survey | undefined, ...after: Entry[]) => {
	client.face = { brand: 'Shop', transcript: true, ...(survey && { survey }) } as InboxFace;
	client.log.entries = [...client.log.entries, moved(3, 'bot', { status: 'closed' }), ...after];
	render(() => <Ended shell={shell} state={derive(client.log.entries)} />, root);
};

test.each([
	[undefined, 'How did we do?', 5, '1 of 5, Poor'],
	[{ kind: 'ces' } as Survey, 'How easy was it to get help?', 7, '1 of 7, Very hard'],
	[{ kind: 'nps' } as Survey, 'How likely are you to recommend Shop?', 11, '0 of 10, Not at all'],
	[{ kind: 'csat', question: 'Happy?', low: 'No', high: 'Oh yes' } as Survey, 'Happy?', 5, '1 of 5, No'],
])('each survey has its scale: %o', (survey, question, numbers, lowest) => {
	end(survey);
	expect(root.querySelector('legend')?.textContent).toBe(question);
	expect(root.querySelectorAll('input[type=radio]')).toHaveLength(numbers);
	expect(root.querySelector('label .vh')?.textContent).toBe(lowest);
});

test('a score of 0 is a score; it can be changed, and nothing is asked where it is off', async () => {
	end({ kind: 'nps' } as Survey);
	const zero = root.querySelector<HTMLInputElement>('input[type=radio]');
	if (zero) zero.checked = true;
	zero?.dispatchEvent(new Event('change'));
	await redraw();
	await click('Send rating');
	expect(frames()[0]).toMatchObject({ kind: 'nps', score: 0 });
	client.outbox.acked(frames()[0]?.client_id as string);
	client.log.entries = [
		...client.log.entries,
		entry(4, 'rating', customer, { rating: { kind: 'nps', score: 0 } as Entry['rating'] }),
	];
	await redraw();
	expect(root.querySelector('legend')).toBeNull();
	await click('Change the rating');
	expect(root.querySelector('legend')).not.toBeNull();
	client.face = { brand: 'Shop', survey: { off: true } } as InboxFace;
	await redraw();
	expect(root.querySelector('legend')).toBeNull();
	expect(button('Send me this chat by e-mail')).toBeUndefined();
});

test('the chat by e-mail: the form stays until it is taken, so that a refusal is seen', async () => {
	end({ off: true } as unknown as Survey);
	await click('Send me this chat by e-mail');
	const type = async (email: string) => {
		const field = root.querySelector('input') as HTMLInputElement;
		field.value = email;
		field.dispatchEvent(new Event('input', { bubbles: true }));
		await redraw();
		root.querySelector('form')?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
		await redraw();
	};
	const error = () => root.querySelector('[role=alert]')?.textContent;
	await type('lena');
	expect(error()).toMatch(/@/);
	expect(frames()).toEqual([]);
	await type('lena@example.com');
	expect(root.querySelector<HTMLButtonElement>('.primary')?.disabled).toBe(true);
	client.outbox.mark(frames()[0]?.client_id as string, 'This help desk sends no e-mail.');
	await redraw();
	expect(error()).toBe('This help desk sends no e-mail.');
	await type('lena@example.org');
	expect(frames().map((f) => f.email)).toEqual(['lena@example.org']);
	client.outbox.acked(frames()[0]?.client_id as string);
	await redraw();
	await redraw(); // it closes after that drawing
	expect(root.querySelector('form')).toBeNull();
});

test('one that is refused after its form was left comes back', async () => {
	end({ off: true } as unknown as Survey);
	client.act('transcript', { email: 'lena@example.com' });
	client.outbox.mark(frames()[0]?.client_id as string, 'This help desk sends no e-mail.');
	await redraw();
	expect(root.querySelector('[role=alert]')?.textContent).toBe('This help desk sends no e-mail.');
	await click('Skip');
	expect(frames()).toEqual([]);
	expect(root.querySelector('form')).toBeNull();
});
