import { describe, expect, it } from 'vitest';
import type { Entry } from '../src/protocol';
import { foldableLines, linesOf, mergeLogs } from '../src/state/lines';
import { entry } from './make';

const day = (at: string) => at.slice(0, 10);
const queued = {
	kind: 'owner' as const,
	change: { from: 'bot' as const, to: 'queue' as const, status: 'open' as const, epoch: 2 },
};
const taken = {
	kind: 'owner' as const,
	change: { from: 'queue' as const, to: 'agent' as const, status: 'open' as const, epoch: 3 },
};
const notice = { kind: 'notice' as const, notice: { kind: 'queued' as const, place: 2 } };
const bot = { from: { kind: 'bot' as const } };

describe('mergeLogs', () => {
	it('puts notes between by time', () => {
		const note = entry(1, { log: 'staff', at: entry(2).at.replace(':00.000', ':30.000') });
		const merged = mergeLogs([entry(1), entry(2), entry(3)], [note]);
		expect(merged.map((e) => `${e.log}${e.seq}`)).toEqual(['public1', 'public2', 'staff1', 'public3']);
	});

	it('keeps the order of each log when its times go back', () => {
		const log = [entry(1, { at: '2026-11-22T10:05:00Z' }), entry(2, { at: '2026-11-22T10:04:00Z' })];
		expect(mergeLogs(log, []).map((e) => e.seq)).toEqual([1, 2]);
		expect(mergeLogs([], log).map((e) => e.seq)).toEqual([1, 2]);
	});
});

describe('linesOf', () => {
	it('makes one line of a handover and what the customer was told', () => {
		const lines = linesOf([entry(1), entry(2, queued), entry(3, notice), entry(7, taken)], day);
		expect(lines.map((l) => l.kind)).toEqual(['entry', 'move', 'move']);
		expect(lines[1]).toMatchObject({ told: { place: 2 } });
		expect(lines[2]).toMatchObject({ told: null, waitedMs: 5 * 60_000 });
	});

	it('finds the notice behind the bot’s own words, but not behind anybody else’s', () => {
		const kinds = (between: Partial<Entry>) =>
			linesOf([entry(1, queued), entry(2, between), entry(3, notice)], day).map((l) => l.kind);
		expect(kinds(bot)).toEqual(['move', 'entry']);
		expect(kinds({})).toEqual(['move', 'entry', 'entry']);
	});

	it('leaves a notice that follows nothing a line of its own', () => {
		expect(linesOf([entry(1, notice)], day).map((l) => l.kind)).toEqual(['entry']);
	});

	it('parts days, but does not name the first', () => {
		const lines = linesOf([entry(1), entry(2), entry(3, { at: '2026-11-23T09:00:00Z' })], day);
		expect(lines.map((l) => l.kind)).toEqual(['entry', 'entry', 'day', 'entry']);
	});
});

describe('foldableLines', () => {
	it('folds all before the last words before the newest handover', () => {
		const lines = linesOf([entry(1), entry(2, bot), entry(3), entry(4, bot), entry(5), entry(6, queued)], day);
		expect(foldableLines(lines)).toBe(4);
	});

	it('folds nothing where there is no handover, or too little to save', () => {
		expect(foldableLines(linesOf([entry(1), entry(2), entry(3)], day))).toBe(0);
		expect(foldableLines(linesOf([entry(1, bot), entry(2), entry(3, queued)], day))).toBe(0);
	});
});
