import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';

// Rows that are drawn out of sight on either side: what a quick turn of a wheel brings before the next frame.
const spare = 8;

interface WindowOptions {
	/** What the rows are, in order: to find them again when the list changes. */
	ids: string[];
	/** The height of a row in pixels, as far as it is known. */
	heightOf: (index: number) => number;
	/** Under which the place is remembered while the list is not drawn. */
	name: string;
	/** A row that is drawn wherever it is, because it has the focus. */
	keep?: string;
}

export interface Window {
	box: RefObject<HTMLDivElement | null>;
	/** Rows from start to before end are drawn; before and after stand for the others. */
	start: number;
	end: number;
	before: number;
	after: number;
	/** Brings a row into sight, moving no more than is needed. */
	reveal: (index: number) => void;
}

// Where each list was left.
const places = new Map<string, number>();

/**
 * Draws the part of a long list that is in sight. Rows may be of different heights. When rows come or go above what is
 * in sight, it stays where it is; at the very top the new ones are shown.
 */
export function useWindow({ ids, heightOf, name, keep }: WindowOptions): Window {
	const box = useRef<HTMLDivElement>(null);
	const [top, setTop] = useState(() => places.get(name) ?? 0);
	const [height, setHeight] = useState(() => globalThis.innerHeight || 800);
	const offsets = useMemo(() => {
		const sums = new Float64Array(ids.length + 1);
		for (let i = 0; i < ids.length; i++) sums[i + 1] = (sums[i] as number) + heightOf(i);
		return sums;
	}, [ids, heightOf]);
	const total = offsets[ids.length] as number;

	// The list of another name begins where that was left.
	const shown = useRef(name);
	useLayoutEffect(() => {
		const place = places.get(name) ?? 0;
		if (box.current && (shown.current !== name || box.current.scrollTop !== place)) box.current.scrollTop = place;
		shown.current = name;
		setTop(place);
	}, [name]);

	useEffect(() => {
		const element = box.current;
		if (!element) return;
		const look = () => {
			places.set(shown.current, element.scrollTop);
			setTop(element.scrollTop);
		};
		const size = new ResizeObserver(() => setHeight(element.clientHeight));
		size.observe(element);
		element.addEventListener('scroll', look, { passive: true });
		return () => {
			size.disconnect();
			element.removeEventListener('scroll', look);
		};
	}, []);

	// What is in sight stays in sight: the first row of it that is still there keeps its place.
	const last = useRef({ ids, offsets, name });
	useLayoutEffect(() => {
		const was = last.current;
		last.current = { ids, offsets, name };
		const element = box.current;
		if (!element || was.name !== name || was.offsets === offsets || element.scrollTop <= 0) return;
		const at = element.scrollTop;
		const first = find(was.offsets, at);
		const now = new Map<string, number>();
		for (let i = 0; i < ids.length; i++) now.set(ids[i] as string, i);
		for (let i = first; i < was.ids.length; i++) {
			const index = now.get(was.ids[i] as string);
			if (index === undefined) continue;
			const moved = (offsets[index] as number) - (was.offsets[i] as number);
			if (moved !== 0) element.scrollTop = at + moved;
			return;
		}
	}, [ids, offsets, name]);

	const kept = keep ? ids.indexOf(keep) : -1;
	let start = Math.max(0, find(offsets, top) - spare);
	let end = Math.min(ids.length, find(offsets, top + height) + 1 + spare);
	if (kept >= 0 && kept < start && start - kept < 200) start = kept;
	if (kept >= end && kept - end < 200) end = kept + 1;
	start = Math.min(start, end);

	const reveal = useCallback(
		(index: number) => {
			const element = box.current;
			if (!element || index < 0 || index >= ids.length) return;
			const from = offsets[index] as number;
			const to = offsets[index + 1] as number;
			if (from < element.scrollTop) element.scrollTop = from;
			else if (to > element.scrollTop + element.clientHeight) element.scrollTop = to - element.clientHeight;
		},
		[ids, offsets],
	);
	return { box, start, end, before: offsets[start] as number, after: total - (offsets[end] as number), reveal };
}

/** The row at a height: the last whose top is not below it. */
function find(offsets: Float64Array, at: number): number {
	let low = 0;
	let high = Math.max(0, offsets.length - 2);
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if ((offsets[middle] as number) <= at) low = middle;
		else high = middle - 1;
	}
	return low;
}
