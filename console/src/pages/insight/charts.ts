/** What a picture of figures is measured by. All in the picture's own units, which are pixels on the screen. */

/** Round numbers for an axis from 0 to at least most: few, and of even distance. */
export function ticks(most: number, about = 3): number[] {
	if (most <= 0) return [0, 1];
	const raw = most / about;
	const power = 10 ** Math.floor(Math.log10(raw));
	const step = Math.max(1, ([1, 2, 5, 10].find((m) => m * power >= raw) ?? 10) * power);
	const all = [0];
	while ((all.at(-1) ?? 0) < most) all.push((all.at(-1) ?? 0) + step);
	return all;
}

/** Which of n labels fit into a width when each needs so much: the first, and then every so-many-th. */
export function fitting(n: number, width: number, each: number): (i: number) => boolean {
	const every = Math.max(1, Math.ceil((n * each) / Math.max(1, width)));
	return (i) => i % every === 0;
}

/** Room for the longest of some labels, in the letters of a chart, and a gap. */
export function labelWidth(labels: string[]): number {
	return 16 + 6 * Math.max(0, ...labels.map((label) => label.length));
}
