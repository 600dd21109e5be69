import { describe, expect, it } from 'vitest';
import { snoozeTimes } from '../src/state/snooze';

const names = (at: string) =>
	snoozeTimes(new Date(at)).map(({ name, at: then }) => `${name} ${then.toDateString()} ${then.getHours()}`);

describe('snoozeTimes', () => {
	it.each([
		[
			'2026-11-18T11:20',
			['hours Wed Nov 18 2026 14', 'tomorrow Thu Nov 19 2026 9', 'monday Mon Nov 23 2026 9', 'week Wed Nov 25 2026 9'],
		],
		[
			'2026-11-18T15:59',
			['hours Wed Nov 18 2026 18', 'tomorrow Thu Nov 19 2026 9', 'monday Mon Nov 23 2026 9', 'week Wed Nov 25 2026 9'],
		],
		['2026-11-18T16:00', ['tomorrow Thu Nov 19 2026 9', 'monday Mon Nov 23 2026 9', 'week Wed Nov 25 2026 9']],
		['2026-11-18T23:30', ['tomorrow Thu Nov 19 2026 9', 'monday Mon Nov 23 2026 9', 'week Wed Nov 25 2026 9']],
		['2026-11-22T19:00', ['tomorrow Mon Nov 23 2026 9', 'week Sun Nov 29 2026 9']], // a Sunday: Monday is tomorrow
		['2026-11-23T19:00', ['tomorrow Tue Nov 24 2026 9', 'monday Mon Nov 30 2026 9']], // a Monday: the next is a week away
	])('at %s', (at, want) => expect(names(at)).toEqual(want));
});
