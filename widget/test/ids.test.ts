import { expect, test } from 'vitest';
import { newId } from '../src/core/ids';

test('makes UUIDs v7 that sort in the order of making, also within a millisecond and when the clock goes back', () => {
	const now = Date.now() + 1000;
	const ids = Array.from({ length: 10_000 }, () => newId(now));
	ids.push(newId(now - 500), newId(now + 60_000));
	for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
	expect([...ids].sort()).toEqual(ids);
	expect(new Set(ids).size).toBe(ids.length);
});
