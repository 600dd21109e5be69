// What hangs on the customer's last message while a person is to read it.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Entry } from '../src/protocol';
import type { Shell } from '../src/ui/parts';
import { beside } from '../src/ui/people/People';
import { redraw, render } from './drawn';
import { ana, customer, entry, moved } from './fixtures';

let root: HTMLElement;
let client: { log: { entries: Entry[] }; pending: unknown[]; seen: number };

beforeEach(() => {
	vi.useFakeTimers({ now: new Date(2026, 10, 22, 14, 2), toFake: ['Date'] });
	root = document.createElement('div');
	client = {
		log: { entries: [moved(1, 'agent'), entry(2, 'message', customer, { text: 'Is it on its way?' })] },
		pending: [],
		seen: 0,
	};
	render(() => {
		const shell = { client } as unknown as Shell;
		return client.log.entries.map((entry) => beside({ entry, before: undefined, shell }));
	}, root);
});

afterEach(() => vi.useRealTimers());

test('it is delivered, then read, with the time at which that was heard', async () => {
	expect(root.textContent?.trim()).toBe('Delivered');
	client.seen = 2;
	await redraw();
	expect(root.textContent?.trim()).toBe('Read, 14:02');
	vi.setSystemTime(new Date(2026, 10, 22, 14, 30));
	await redraw();
	expect(root.textContent?.trim()).toBe('Read, 14:02');
});

test('the next one says for itself how far it got', async () => {
	client.seen = 2;
	await redraw();
	client.log.entries = [...client.log.entries, entry(3, 'message', customer, { text: 'Hello?' })];
	await redraw();
	expect(root.textContent?.trim()).toBe('Delivered');
	client.log.entries = [...client.log.entries, entry(4, 'message', ana, { text: 'It is.' })];
	await redraw();
	expect(root.textContent?.trim()).toBe('');
});
