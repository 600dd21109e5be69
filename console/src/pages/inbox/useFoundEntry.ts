import { type RefObject, useEffect } from 'react';
import { useSearch } from 'wouter';
import type { Line } from '../../state/lines';

// As long as it takes to find it with the eye.
const shownFor = 2_500;

/** Brings the entry that the address names (at=public-12), as a search found it, into sight and marks it for a moment. */
export function useFoundEntry(lines: Line[], box: RefObject<HTMLElement | null>, unfold: () => void): void {
	const at = new URLSearchParams(useSearch()).get('at');
	const there = at !== null && lines.some((line) => isAt(line, at));
	// biome-ignore lint/correctness/useExhaustiveDependencies: once for each entry that is asked for, when it is there.
	useEffect(() => {
		if (!at || !there) return;
		unfold();
		let element: Element | undefined;
		const frame = requestAnimationFrame(() => {
			const index = lines.findIndex((line) => isAt(line, at));
			element = box.current?.children[index];
			element?.scrollIntoView({ block: 'center' });
			element?.classList.add('found');
		});
		const over = setTimeout(() => element?.classList.remove('found'), shownFor);
		return () => {
			cancelAnimationFrame(frame);
			clearTimeout(over);
			element?.classList.remove('found');
		};
	}, [at, there]);
}

function isAt(line: Line, at: string): boolean {
	return line.kind !== 'day' && `${line.entry.log}-${line.entry.seq}` === at;
}
