import { beforeEach, expect, test } from 'vitest';
import type { Client } from '../src/core/client';
import { Box } from '../src/core/storage';
import { Frame } from '../src/frame';
import { App } from '../src/ui/App';
import { clientOf } from './client';
import { redraw } from './drawn';
import { FakeServer } from './fake-server';
import { conversation } from './fixtures';

beforeEach(() => {
	localStorage.clear();
	document.body.replaceChildren();
});

/** The window as a page load makes it, before anything has come from the server. */
async function load(kept: Record<string, unknown>): Promise<Client> {
	const box = new Box('k:', () => localStorage);
	for (const [name, value] of Object.entries(kept)) box.set(name, value);
	const server = new FakeServer();
	const client = clientOf(server, { box });
	new App(client, new Frame(true, ''), 'site').start();
	await redraw();
	return client;
}

async function write(words: string): Promise<void> {
	const field = document.querySelector('textarea') as HTMLTextAreaElement;
	field.value = words;
	field.dispatchEvent(new Event('input'));
	await redraw();
	document.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }));
	await redraw();
}

test('a conversation that goes on is shown, and words go there', async () => {
	const client = await load({ current: conversation });
	expect(document.querySelector('.chat')).not.toBeNull();
	await write('Still there?');
	expect(client.pending.map((i) => i.frame.d.conversation)).toEqual([conversation]);
});

test('one that is over is not shown, and words begin another', async () => {
	const client = await load({ current: conversation, over: true });
	expect(document.querySelector('.chat')).toBeNull();
	await write('Something else.');
	expect(client.current).not.toBe(conversation);
	expect(client.outbox.items.map((i) => i.frame.d.conversation)).toEqual([client.current]);
});
