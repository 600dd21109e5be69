// What a page asks for with something wrong in it is rejected, in words for its developer.

import { expect, test, vi } from 'vitest';
import type { ToLoader } from '../src/channel';
import { Frame } from '../src/frame';
import type { App } from '../src/ui/App';
import { serve } from '../src/ui/site/site';
import { clientOf } from './client';
import { FakeServer } from './fake-server';

/** The end of a call. */
async function ends(m: string, ...a: unknown[]) {
	const client = clientOf(new FakeServer());
	client.face = {} as never;
	const frame = new Frame(true, '');
	const said: ToLoader[] = [];
	frame.say = (what) => void said.push(what);
	frame.calls.push({ t: 'call', id: 1, m, a });
	serve({ client, frame, inbox: 'x', show: vi.fn(), open: vi.fn(), composer: { write: vi.fn() } } as unknown as App);
	await vi.waitFor(() => expect(said).not.toEqual([]));
	return said[0] as Extract<ToLoader, { t: 'done' }>;
}

test.each<[string, unknown[], RegExp]>([
	['consent', ['yes'], /true or false/],
	['consent', [], /true or false/],
	['context', ['plan'], /an object/],
	['context', [['plan']], /an object/],
	['context', [null], /an object/],
	['event', [], /a name/],
	['event', [{ total: 1 }], /a name/],
	['message', [], /words/],
	['message', ['  '], /words/],
	['article', [], /the id of one/],
	['theme', ['toString'], /light, dark or auto/],
	['locale', [], /the tag of a language/],
	['locale', ['no tag'], /the tag of a language/],
	['identify', [undefined], /identify needs jwt/],
	['identify', [{ user_id: '7' }], /user_hash/],
	['on', ['opne', 0], /open, close or unread, and a function/],
	['off', ['open'], /open, close or unread, and a function/],
	['opne', [], /no method opne; there are open, close, .*message.* off/],
	['constructor', [], /no method constructor/],
])('%s with %j is rejected', async (m, a, words) => {
	expect((await ends(m, ...a)).e?.message).toMatch(words);
});

test.each<[string, unknown[]]>([
	['message', ['', { send: false }]],
	['message', ['Hello']],
	['article', [7]],
	['theme', ['auto']],
])('%s with %j is not', async (m, a) => {
	expect((await ends(m, ...a)).e).toBeUndefined();
});
