import type { Entry, Notice } from '../protocol';

/** One line of a conversation as the console draws it. */
export type Line =
	| { kind: 'day'; key: string; at: string }
	| { kind: 'entry'; key: string; entry: Entry }
	| { kind: 'move'; key: string; entry: Entry; told: Notice | null; waitedMs: number };

/** Both logs as one, in order of time. Each log keeps its own order, whatever the clocks said. */
export function mergeLogs(log: Entry[], staff: Entry[]): Entry[] {
	const merged: Entry[] = [];
	let s = 0;
	for (const entry of log) {
		for (let note = staff[s]; note && note.at < entry.at; note = staff[++s]) merged.push(note);
		merged.push(entry);
	}
	return merged.concat(staff.slice(s));
}

/** The lines of a merged log: days parted, a move and the words that the customer was told of it in one line. */
export function linesOf(entries: Entry[], dayOf: (at: string) => string): Line[] {
	const lines: Line[] = [];
	let day = '';
	let queuedAt = 0;
	const takenIn = new Set<Entry>();
	entries.forEach((entry, i) => {
		if (takenIn.has(entry)) return;
		const key = `${entry.log}-${entry.seq}`;
		if (dayOf(entry.at) !== day) {
			// The first day needs no line of its own: the header of a conversation of today says enough.
			if (day !== '') lines.push({ kind: 'day', key: `day-${key}`, at: entry.at });
			day = dayOf(entry.at);
		}
		if (!entry.change) {
			lines.push({ kind: 'entry', key, entry });
			return;
		}
		const at = Date.parse(entry.at);
		const waitedMs = entry.change.from === 'queue' && entry.change.to === 'agent' && queuedAt ? at - queuedAt : 0;
		if (entry.change.to === 'queue') queuedAt = at;
		const told = entry.change.to === 'queue' ? toldAfter(entries, i) : undefined;
		if (told) takenIn.add(told);
		lines.push({ kind: 'move', key, entry, told: told?.notice ?? null, waitedMs });
	});
	return lines;
}

/** The notice that belongs to a move: the bot may have said why before it, but nobody else anything. */
function toldAfter(entries: Entry[], move: number): Entry | undefined {
	for (const entry of entries.slice(move + 1)) {
		if (entry.notice) return entry;
		if (entry.change || entry.from.kind !== 'bot') return undefined;
	}
	return undefined;
}

/**
 * How many lines from the start may be folded away while the brief stands above them: all before the customer's last
 * words before the newest handover, if that saves anything.
 */
export function foldableLines(lines: Line[]): number {
	const handover = lines.findLastIndex((line) => line.kind === 'move' && line.entry.change?.to === 'queue');
	if (handover < 0) return 0;
	const words = lines
		.slice(0, handover)
		.findLastIndex((line) => line.kind === 'entry' && line.entry.from.kind === 'customer');
	return words >= 2 ? words : 0;
}
