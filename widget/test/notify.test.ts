// What is heard and read of a message by who looks elsewhere.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Log } from '../src/core/log';
import { Box } from '../src/core/storage';
import type { App } from '../src/ui/App';
import { bot, customer, entry } from './fixtures';

let hidden: boolean;
let focused: boolean;
let calm: string[];
let tones: number;
let titles: string[];
let client: { unread: number; current: string; caughtUp: boolean; page: object; log: Log; box: Box };
let frame: { visible: boolean; standalone: boolean; say(m: { v: string }): void };
let notify: () => void;
let rings: () => number;

class Audio {
	state = 'running';
	destination = {};
	createGain = () => ({
		connect() {},
		gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} },
	});
	createOscillator = () => ({ frequency: {}, connect() {}, start: () => tones++, stop() {} });
	close() {}
}

beforeEach(async () => {
	vi.resetModules();
	vi.useFakeTimers({ now: 0 });
	hidden = false;
	focused = true;
	calm = [];
	tones = 0;
	titles = [];
	localStorage.clear();
	vi.spyOn(document, 'hidden', 'get').mockImplementation(() => hidden);
	vi.spyOn(document, 'hasFocus').mockImplementation(() => focused);
	vi.stubGlobal('matchMedia', (query: string) => ({ matches: calm.some((c) => query.includes(c)) }));
	vi.stubGlobal('AudioContext', Audio);
	vi.stubGlobal('navigator', { locks: undefined });
	client = {
		unread: 0,
		current: 'c',
		caughtUp: true,
		page: {},
		log: new Log(),
		box: new Box('k:', () => localStorage),
	};
	frame = { visible: true, standalone: false, say: (m) => titles.push(m.v) };
	(await import('../src/text/words')).use((await import('../src/text/en.json')).default);
	const part = await import('../src/ui/around/notify');
	notify = () => part.notify({ client, frame } as unknown as App);
	rings = () => tones / 2; // of two tones each
	said('Hello', 0); // history
	notify();
	titles.length = 0;
});

afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
	vi.restoreAllMocks();
});

interface Where {
	hidden?: boolean;
	focused?: boolean;
	visible?: boolean;
	current?: string;
	caughtUp?: boolean;
	calm?: string;
}

/** Where the customer is, and what their browser asks for. */
function set(of: Where): void {
	hidden = of.hidden ?? hidden;
	focused = of.focused ?? focused;
	frame.visible = of.visible ?? frame.visible;
	client.current = of.current ?? client.current;
	client.caughtUp = of.caughtUp ?? client.caughtUp;
	if (of.calm) calm.push(of.calm);
}

function said(text: string, unread: number, from = bot): void {
	client.log.apply(entry(client.log.seq + 1, 'message', from, { text }));
	client.unread = unread;
	notify();
}
const later = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test('a hidden page has words and its own title by turns, and its own once it is seen', async () => {
	hidden = true;
	said('Your parcel is here.', 1);
	expect(titles).toEqual(['(1) New message ·\u2002']);
	await later(2_000);
	notify(); // the timer draws
	await later(2_000);
	notify();
	expect(titles).toEqual(['(1) New message ·\u2002', '', '(1) New message ·\u2002']);
	said('And another.', 2);
	expect(titles.at(-1)).toBe('(2) New messages ·\u2002');
	hidden = false;
	client.unread = 0;
	notify();
	expect(titles.at(-1)).toBe('');
	const n = titles.length;
	await later(10_000);
	notify();
	expect(titles).toHaveLength(n);
});

test.each([
	['the page is in front', { visible: false }],
	['no motion is wanted', { hidden: true, calm: 'reduced-motion' }],
])('the number stands still where %s', async (_, given) => {
	set(given);
	said('Your parcel is here.', 1);
	await later(2_000);
	notify();
	expect(titles).toEqual(['(1)\u2002']);
});

test('what is told of the page gives it its title back, so the words are said again', () => {
	frame.visible = false;
	said('Your parcel is here.', 1);
	client.page = { url: 'https://shop.example/next' };
	notify();
	notify();
	expect(titles).toEqual(['(1)\u2002', '(1)\u2002']);
});

test('nothing is said to a page whose customer sees the chat', () => {
	said('Hello again', 0);
	client.unread = 1; // in another view of the window
	notify();
	expect(titles).toEqual([]);
});

test('a chat that is a page has a title of its own', () => {
	document.title = 'Chat';
	frame.standalone = true;
	hidden = true;
	calm.push('reduced-motion');
	said('Your parcel is here.', 1);
	expect(document.title).toMatch(/^\(1\)/);
	hidden = false;
	client.unread = 0;
	notify();
	expect(document.title).not.toMatch(/^\(1\)/);
});

test('there is no sound unless it was switched on', async () => {
	hidden = true;
	said('Your parcel is here.', 1);
	await later(5_000);
	expect(tones).toBe(0);
});

test.each([
	['on a hidden page', 1, { hidden: true }],
	['with the window closed', 1, { visible: false }],
	['with the focus elsewhere', 0, { focused: false }],
])('one is heard %s', async (_, unread, given) => {
	client.box.set('sound', true);
	set(given);
	said('Your parcel is here.', unread);
	await later(1_000);
	expect(rings()).toBe(1);
	said('I wrote this', unread, customer);
	notify();
	await later(1_000);
	expect(rings()).toBe(1);
});

test.each<[string, Where]>([
	['by who looks at the window', {}],
	['for what was read in another tab at once', { hidden: true }],
	['of what was said before', { hidden: true, current: 'other' }],
	['before all of it is there', { hidden: true, caughtUp: false }],
	['where data is saved', { hidden: true, calm: 'reduced-data' }],
])('none is heard %s', async (what, given) => {
	client.box.set('sound', true);
	set(given);
	said('Your parcel is here.', 1);
	client.unread = /another tab/.test(what) ? 0 : client.unread;
	await later(1_000);
	expect(tones).toBe(0);
});

test('a browser that allows none says nothing of it', async () => {
	vi.stubGlobal('AudioContext', undefined);
	client.box.set('sound', true);
	hidden = true;
	said('Your parcel is here.', 1);
	await later(1_000);
	expect(tones).toBe(0);
});

test('of several tabs one is heard', async () => {
	client.box.set('sound', true);
	hidden = true;
	let held = false;
	const request = vi.fn(async (_name: string, _how: object, act: (lock: object | null) => Promise<void>) => {
		const lock = held ? null : {};
		held = true;
		await act(lock);
	});
	vi.stubGlobal('navigator', { locks: { request } });
	said('Your parcel is here.', 1);
	said('And another.', 2);
	await later(1_000);
	expect(request).toHaveBeenCalledTimes(2);
	expect(rings()).toBe(1);
});
