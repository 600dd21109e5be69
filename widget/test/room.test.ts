// Room for an answer: where the window scrolls to when the customer has said something.

import { beforeEach, expect, test, vi } from 'vitest';
import type { Client } from '../src/core/client';

let room: (client: Client) => void;
let view: HTMLElement;
let flow: HTMLElement;
const state = { atBot: true };

beforeEach(async () => {
	vi.resetModules();
	room = (await import('../src/ui/around/room')).makeRoom;
	document.body.innerHTML = '<main class="chat"><div class="flow"><p class="me"></p><p class="me"></p></div></main>';
	view = document.querySelector('.chat') as HTMLElement;
	flow = document.querySelector('.flow') as HTMLElement;
	// There is no layout here.
	for (const [i, el] of [...flow.children].entries()) Object.defineProperty(el, 'offsetTop', { value: 500 * (i + 1) });
	Object.defineProperty(view, 'scrollHeight', { value: 1200 });
	view.scrollTop = 333; // the reader is somewhere else
	state.atBot = true;
});

const drawn = (next?: unknown) => room({ outbox: { next }, state } as unknown as Client);
const item = (t: string) => ({ frame: { t, d: {} } });

test('a question for the bot goes to the top, with a whole window below it', () => {
	drawn(item('send'));
	expect(view.scrollTop).toBe(988);
	expect(flow.style.minHeight).toContain('988px');
	expect(flow.style.minHeight).toContain('100cqh');
});

test('after that nothing moves: while it waits, is sent, and answered', () => {
	const waits = item('send');
	drawn(waits);
	const height = flow.style.minHeight;
	view.scrollTop = 40; // the reader looks something up
	drawn(waits);
	drawn();
	drawn();
	expect(view.scrollTop).toBe(40);
	expect(flow.style.minHeight).toBe(height);
	drawn(item('send')); // the next question
	expect(view.scrollTop).not.toBe(40);
});

test('with a person the end is in view, without room', () => {
	drawn(item('send'));
	state.atBot = false;
	drawn();
	expect(flow.style.minHeight).toBe('');
	drawn(item('send'));
	expect(flow.style.minHeight).toBe('');
	expect(view.scrollTop).toBe(1200);
});

test('asking for a person shows what comes of it, a word on an answer moves nothing', () => {
	drawn(item('feedback'));
	expect(view.scrollTop).toBe(333);
	drawn(item('request_person'));
	expect(view.scrollTop).toBe(1200);
});

test('in another view there is nothing to do', () => {
	document.body.replaceChildren();
	drawn(item('send'));
});
