import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { after, draw, mount, stateOf } from '../src/ui/draw';
import { lazy } from '../src/ui/lazy';

let body: HTMLElement;

beforeEach(() => {
	body = document.createElement('div');
});

afterEach(() => vi.useRealTimers());

const settled = () => new Promise<void>((done) => queueMicrotask(done));

test('many changes of one moment are drawn once, and what comes after sees the document', async () => {
	let n = 0;
	const seen: (string | undefined)[] = [];
	const view = vi.fn(() => {
		after(() => seen.push(body.querySelector('p')?.textContent));
		return <p>{n}</p>;
	});
	mount(body, view);
	n = 1;
	draw();
	n = 2;
	draw();
	await settled();
	expect(view).toHaveBeenCalledTimes(2);
	expect(seen).toEqual(['', '2']);
});

test('a child that comes and goes leaves its neighbours alone', async () => {
	let there = false;
	mount(body, () => (
		<div>
			{there && <b>new</b>}
			<input />
			{there ? ['x', <i key="k">y</i>] : null}
		</div>
	));
	const field = body.querySelector('input');
	there = true;
	draw();
	await settled();
	expect(body.textContent).toBe('newxy');
	expect(body.querySelector('input')).toBe(field);
});

test('keyed entries are moved, not made anew', async () => {
	let keys = [1, 2, 3];
	mount(body, () => (
		<ul>
			{keys.map((k) => (
				<li key={k}>{k}</li>
			))}
		</ul>
	));
	const first = body.querySelector('li');
	keys = [4, 3, 1];
	draw();
	await settled();
	expect([...body.querySelectorAll('li')].map((li) => li.textContent)).toEqual(['4', '3', '1']);
	expect(body.querySelectorAll('li')[2]).toBe(first);
});

test('a part with a key may have nothing to show', async () => {
	const Part = ({ words }: { words: string }) => (words ? <i>{words}</i> : null);
	let words = ['', 'b'];
	mount(body, () => (
		<p>
			{words.map((w, i) => (
				<Part key={`${i}`} words={w} />
			))}
		</p>
	));
	expect(body.textContent).toBe('b');
	words = ['a', ''];
	draw();
	await settled();
	expect(body.textContent).toBe('a');
});

test('what has the same key twice is drawn as often, and goes', async () => {
	let home = true;
	mount(body, () => (
		<div>
			{home ? [<b key="h">a</b>, <i key="h">b</i>, <i key="h">c</i>] : [<b key="c">d</b>]}
			<input />
		</div>
	));
	const field = body.querySelector('input');
	draw();
	await settled();
	expect(body.textContent).toBe('abc');
	home = false;
	draw();
	await settled();
	expect(body.textContent).toBe('d');
	expect(body.querySelector('input')).toBe(field);
});

test('an event has the state of its last drawing', async () => {
	let n = 0;
	const heard: number[] = [];
	mount(body, () => {
		const now = n;
		return <button type="button" onclick={() => heard.push(now)} />;
	});
	n = 5;
	draw();
	await settled();
	body.querySelector('button')?.click();
	expect(heard).toEqual([5]);
});

test('state belongs to its object', () => {
	const of = stateOf(() => ({ n: 0 }));
	const [a, b] = [{}, {}];
	of(a).n++;
	expect([of(a).n, of(b).n]).toEqual([1, 0]);
});

test('a part that does not load is left out, and tried again', async () => {
	vi.useFakeTimers();
	const load = vi.fn(() => Promise.reject<string>(new Error('offline')));
	const part = lazy(load);
	expect(part.here()).toBe(false);
	await vi.advanceTimersByTimeAsync(1);
	expect([part.here(), part()]).toEqual([true, undefined]);
	load.mockImplementation(() => Promise.resolve('there'));
	await vi.advanceTimersByTimeAsync(3_000);
	expect([load.mock.calls.length, part()]).toEqual([2, 'there']);
});
