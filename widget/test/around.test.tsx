// The menu in the header, and what is said of a lost connection.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Client } from '../src/core/client';
import { Box } from '../src/core/storage';
import { Menu } from '../src/ui/around/Menu';
import { Trouble } from '../src/ui/around/Trouble';
import type { Shell } from '../src/ui/parts';
import { stage } from './client';
import { redraw, render } from './drawn';
import { bot, customer, entry, moved } from './fixtures';

let root: HTMLElement;
let client: Client;
let home: () => void;

beforeEach(() => {
	vi.useFakeTimers({ now: Date.UTC(2026, 10, 21, 10, 5), toFake: ['Date', 'setTimeout', 'clearTimeout'] });
	({ root, client } = stage());
	client.onChange = () => void redraw();
	client.log.entries = [entry(1, 'message', customer, { text: 'how long?' }), entry(2, 'message', bot)];
	home = vi.fn();
	// Who opens and closes it is the browser.
	Object.assign(HTMLElement.prototype, { hidePopover: vi.fn(), ontoggle: null });
});

afterEach(() => {
	localStorage.clear();
	vi.useRealTimers();
	vi.unstubAllGlobals();
	vi.restoreAllMocks();
});

const lines = () => [...root.querySelectorAll('#menu button')].map((b) => b.textContent);
const press = async (words: string) => {
	[...root.querySelectorAll<HTMLElement>('#menu button')].find((b) => b.textContent === words)?.click();
	await redraw();
};
const menu = () => render(() => Menu({ shell: { client, home } as unknown as Shell }), root);

test('a button of the header has a name and opens the list', () => {
	menu();
	const button = root.querySelector('button');
	expect(button?.getAttribute('aria-label')).toBe('More options');
	expect(button?.getAttribute('popovertarget')).toBe(root.querySelector('[id=menu]')?.id);
	expect(lines()).toEqual(['Sound for new messages', 'Start a new chat', 'End this chat']);
});

test('the sound is a switch, off at first, and remembered', async () => {
	const rung = vi.fn();
	vi.stubGlobal('AudioContext', rung);
	menu();
	const state = () => root.querySelector('[role=switch]')?.getAttribute('aria-checked');
	expect(state()).toBe('false');
	await press('Sound for new messages');
	expect(state()).toBe('true');
	expect(rung).toHaveBeenCalledTimes(1); // so that one knows what it is
	expect(new Box('k:', () => localStorage).get('sound')).toBe(true);
	await press('Sound for new messages');
	expect(state()).toBe('false');
	expect(rung).toHaveBeenCalledTimes(1);
});

test('what it offers is what can be done', async () => {
	client.face = { transcript: true } as Client['face'];
	menu();
	expect(lines()).toContain('Send me this chat by e-mail');
	expect(lines()).not.toContain('Talk to a person'); // the header has it
	await press('Start a new chat');
	expect(home).toHaveBeenCalledTimes(1);
	client.log.entries = [...client.log.entries, moved(3, 'bot', { status: 'closed' })];
	await redraw();
	expect(lines()).toEqual(['Sound for new messages', 'Talk to a person']); // the rest stands below the conversation
	await press('Talk to a person');
	expect(client.asked).toBe(true);
});

test('a chat is ended by two taps in two places', async () => {
	const sent = () => client.outbox.items.map((i) => i.frame.t);
	menu();
	await press('End this chat');
	expect(root.querySelector('#menu')?.textContent).toMatch(/until you write again/);
	expect(document.activeElement?.tagName).toBe('P'); // what is read, and no button
	expect(HTMLElement.prototype.hidePopover).not.toHaveBeenCalled();
	await press('Keep it open');
	expect(HTMLElement.prototype.hidePopover).toHaveBeenCalledTimes(1);
	expect(sent()).toEqual([]);
	const end = () => [...root.querySelectorAll('#menu button')].find((b) => b.textContent === 'End this chat');
	end()?.dispatchEvent(new MouseEvent('click', { detail: 2 })); // of a double click on the list
	expect(sent()).toEqual([]);
	end()?.dispatchEvent(new MouseEvent('click', { detail: 1 }));
	expect(sent()).toEqual(['end']);
	root.querySelector<HTMLElement>('#menu')?.ontoggle?.({ newState: 'closed' } as ToggleEvent);
	await redraw();
	expect(lines()).toEqual(['Sound for new messages', 'Start a new chat']); // it is on its way
});

test('there must be something to end', async () => {
	client.log.entries = [];
	menu();
	expect(lines()).not.toContain('End this chat');
	client.log.entries = [entry(1, 'message', customer)];
	await redraw();
	await press('End this chat');
	client.log.entries = [...client.log.entries, moved(2, 'bot', { status: 'closed' })];
	await redraw();
	expect(lines()).toEqual(['Sound for new messages', 'Talk to a person']); // an agent was faster
	root.querySelector<HTMLElement>('#menu')?.ontoggle?.({ newState: 'closed' } as ToggleEvent);
});

test('the chat goes by e-mail from the list, to the address that is known', async () => {
	client.face = { transcript: true } as Client['face'];
	client.log.entries = [
		...client.log.entries,
		entry(3, 'contact', customer, { contact: { email: 'lena@example.com' } as never }),
	];
	menu();
	await press('Send me this chat by e-mail');
	await vi.waitFor(async () => {
		await redraw();
		expect(lines()[0]).toBe('Send to lena@example.com');
	});
	root.querySelector('form')?.requestSubmit();
	await redraw();
	expect(client.outbox.items.map((i) => [i.frame.t, (i.frame.d as { email?: string }).email])).toEqual([
		['transcript', 'lena@example.com'],
	]);
	expect(HTMLElement.prototype.hidePopover).not.toHaveBeenCalled();
	const [item] = client.outbox.items;
	client.outbox.mark(item?.frame.d.client_id ?? '', 'This help desk sends no e-mail.');
	await redraw();
	expect(root.querySelector('#menu [role=alert]')?.textContent).toBe('This help desk sends no e-mail.');
	root.querySelector('form')?.requestSubmit(); // once more
	await redraw();
	expect(HTMLElement.prototype.hidePopover).not.toHaveBeenCalled();
	client.outbox.remove(client.outbox.items[0]?.frame.d.client_id ?? ''); // it was taken
	await redraw();
	expect(HTMLElement.prototype.hidePopover).toHaveBeenCalled();
	root.querySelector<HTMLElement>('#menu')?.ontoggle?.({ newState: 'closed' } as ToggleEvent);
	await redraw();
	expect(lines()[0]).toBe('Sound for new messages');
});

test('Escape closes the list while it is open, and not the window', () => {
	const close = vi.fn();
	root.onkeydown = close;
	menu();
	const list = root.querySelector('#menu') as HTMLElement;
	let open = true;
	vi.spyOn(list, 'matches').mockImplementation((query) => query === ':popover-open' && open);
	for (const el of [list, root.querySelector('button')]) {
		const key = (name: string) => el?.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true }));
		close.mockClear();
		open = true;
		key('Escape');
		expect(close).not.toHaveBeenCalled();
		key('a');
		expect(close).toHaveBeenCalledTimes(1);
		open = false;
		key('Escape');
		expect(close).toHaveBeenCalledTimes(2);
	}
});

function lost(failures: number, answers: () => unknown): void {
	vi.stubGlobal(
		'fetch',
		vi.fn(async () => answers()),
	);
	Object.assign(client.connection, { phase: 'waiting', failures, next: Date.now() + 7_400 });
	render(() => Trouble({ client }), root);
}
const dead = () => {
	throw new TypeError('fetch failed');
};

test('a lost connection says when it is tried next, second by second, and not aloud', async () => {
	lost(2, dead);
	const small = () => root.querySelector('small')?.textContent;
	expect(root.querySelector('[role=alert]')?.textContent).toMatch(/^No connection/);
	expect(root.querySelector('[role=alert] small')).toBeNull();
	expect(small()).toBe('Next try in 8 s');
	await vi.advanceTimersByTimeAsync(3_000);
	expect(small()).toBe('Next try in 5 s');
	await vi.advanceTimersByTimeAsync(5_000);
	expect(small()).toMatch(/Trying again/);
	Object.assign(client.connection, { phase: 'up', failures: 0 });
	await redraw();
	expect(root.textContent).toBe('');
});

test('the first failure is not worth a word', () => {
	lost(1, dead);
	expect(root.textContent).toBe('');
});

const page = (status: number, type: string) => () => new Response('', { status, headers: { 'Content-Type': type } });

test.each<[string, () => unknown, RegExp]>([
	['another place', () => ({ type: 'opaqueredirect', status: 0, ok: false, headers: new Headers() }), /sign in first/],
	['a page in its place', page(200, 'text/html; charset=utf-8'), /sign in first/],
	['network authentication required', page(511, 'text/html'), /sign in first/],
	['the page of a proxy that finds no gateway', page(502, 'text/html'), /^No connection/],
	['the gateway itself', page(405, 'application/problem+json'), /^No connection/],
	['nobody', dead, /^No connection/],
])('when %s answers', async (_, answers, words) => {
	lost(2, answers);
	await vi.waitFor(async () => {
		await redraw();
		expect(root.querySelector('[role=alert]')?.textContent).toMatch(words);
	});
	expect(fetch).toHaveBeenCalledTimes(1);
	Object.assign(client.connection, { phase: 'up', failures: 0 });
	await redraw(); // the next loss begins anew
});

test('a connection that the server ended says why, and is not tried again', () => {
	Object.assign(client.connection, { phase: 'stopped', why: 4500, failures: 0 });
	render(() => Trouble({ client }), root);
	expect(root.querySelector('[role=alert]')?.textContent).toMatch(/out of date/);
	expect(root.querySelector('button')).toBeNull();
	expect(root.querySelector('small')).toBeNull();
});
