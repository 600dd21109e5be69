import { beforeEach, expect, test } from 'vitest';
import { newId } from '../src/core/ids';
import { type Kept, Outbox } from '../src/core/outbox';
import { Box } from '../src/core/storage';
import { conversation } from './fixtures';

const send = (text: string): Kept => ({ t: 'send', d: { conversation, client_id: newId(), text } });
const box = () => new Box('t:', () => localStorage);
const texts = (o: Outbox) => o.items.map((i) => i.frame.t === 'send' && i.frame.d.text);

beforeEach(() => localStorage.clear());

test('survives a reload, in order, without what was acknowledged', () => {
	const o = new Outbox(box());
	const [a, b, c] = ['a', 'b', 'c'].map((t) => o.add(send(t), 1));
	o.acked(b?.frame.d.client_id ?? '');
	// In sight until its entry comes, but not to be sent again.
	expect(texts(o)).toEqual(['a', 'b', 'c']);
	expect(o.next).toBe(a);
	expect(texts(new Outbox(box()))).toEqual(['a', 'c']);
	o.remove(a?.frame.d.client_id ?? '');
	expect(o.next?.frame).toEqual(c?.frame);
});

test('what the server refused is kept with its words, and can be tried again', () => {
	const o = new Outbox(box());
	const id = o.add(send('a'), 1).frame.d.client_id;
	o.fail(id, 'The message is empty.');
	expect(o.next).toBeUndefined();
	expect(new Outbox(box()).items[0]?.failed).toBe('The message is empty.');
	o.retry(id);
	expect(o.next?.frame.d.client_id).toBe(id);
	expect(new Outbox(box()).items[0]?.failed).toBeUndefined();
});

test('two tabs do not write over each other', () => {
	const one = new Outbox(box());
	const two = new Outbox(box());
	one.add(send('one'), 1);
	two.add(send('two'), 1);
	expect(texts(new Outbox(box()))).toEqual(['one', 'two']);
});

test('works from memory where the browser has no storage', () => {
	const blocked = new Box('t:', () => {
		throw new DOMException('denied', 'SecurityError');
	});
	const o = new Outbox(blocked);
	o.add(send('a'), 1);
	expect(texts(o)).toEqual(['a']);
	expect(texts(new Outbox(blocked))).toEqual(['a']);
});

test('ignores what it cannot read', () => {
	localStorage.setItem('t:out:1', '{');
	localStorage.setItem('t:out:2', '{"frame":{}}');
	expect(new Outbox(box()).items).toEqual([]);
});
