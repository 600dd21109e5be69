import { percent } from '../../format';
import type { Share } from '../../protocol';

// As the look has it: with fewer cases a share comes with its range.
const enough = 400;

/** Whether a share rests on so few cases that its range belongs to it. */
export function few(share: Share): boolean {
	return share.of < enough;
}

/** The ends of a share's range, in words. */
export function range(share: Share): { low: string; high: string } {
	return { low: percent(share.low), high: percent(share.high) };
}

/** How many all parts are together. */
export function sum(parts: Share[]): number {
	return parts.reduce((n, part) => n + part.n, 0);
}

/** Words with a full stop, of which an abbreviation at the end has one already. */
export function sentence(words: string): string {
	return words.endsWith('.') ? words : `${words}.`;
}
