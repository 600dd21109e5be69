import { expect, test } from 'vitest';
import { Backoff } from '../src/core/backoff';

test('doubles the ceiling from 0.5 s to 30 s and stays there', () => {
	const b = new Backoff(() => 1);
	const waits = Array.from({ length: 9 }, () => b.next());
	expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
});

test('full jitter: any part of the ceiling', () => {
	expect(new Backoff(() => 0).next()).toBe(0);
	expect(new Backoff(() => 0.5).next()).toBe(250);
});

test('only a connection that held for 10 s starts it over', () => {
	const b = new Backoff(() => 1);
	b.next();
	b.next();
	b.up(1000);
	b.down(10_999);
	expect(b.next()).toBe(2000);
	b.up(20_000);
	b.down(30_000);
	expect(b.next()).toBe(500);
	b.next();
	b.reset();
	expect(b.next()).toBe(500);
});
