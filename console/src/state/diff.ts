/** A piece of a text that stayed, was added or was removed. */
export interface Piece {
	kind: 'same' | 'added' | 'removed';
	text: string;
}

/** The words by which one text differs from another. What is removed stands before what is added in its place. */
export function diffWords(before: string, after: string): Piece[] {
	const a = wordsOf(before);
	const b = wordsOf(after);
	let start = 0;
	while (start < a.length && start < b.length && a[start] === b[start]) start++;
	let end = 0;
	while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
	const pieces: Piece[] = [];
	add(pieces, 'same', a.slice(0, start).join(''));
	middle(pieces, a.slice(start, a.length - end), b.slice(start, b.length - end));
	add(pieces, 'same', a.slice(a.length - end).join(''));
	return pieces;
}

// Blanks are pieces of their own, so that a changed line end is seen.
const wordsOf = (text: string): string[] => text.match(/\n|[^\S\n]+|[\p{L}\p{N}_.]+|[^\s\p{L}\p{N}_.]/gu) ?? [];

/** Beyond so many cells of the table texts are compared as wholes: prompts have some hundred words. */
const mostCells = 4_000_000;

/** What both have in order is the longest common row of words. */
function middle(pieces: Piece[], a: string[], b: string[]): void {
	if (a.length * b.length > mostCells) {
		add(pieces, 'removed', a.join(''));
		add(pieces, 'added', b.join(''));
		return;
	}
	const wide = b.length + 1;
	const common = new Uint16Array((a.length + 1) * wide);
	const at = (i: number, j: number) => common[i * wide + j] ?? 0;
	for (let i = a.length - 1; i >= 0; i--) {
		for (let j = b.length - 1; j >= 0; j--) {
			common[i * wide + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
		}
	}
	let i = 0;
	let j = 0;
	while (i < a.length || j < b.length) {
		if (i < a.length && j < b.length && a[i] === b[j]) {
			add(pieces, 'same', a[i] ?? '');
			i++;
			j++;
		} else if (i < a.length && (j === b.length || at(i + 1, j) >= at(i, j + 1))) {
			add(pieces, 'removed', a[i++] ?? '');
		} else {
			add(pieces, 'added', b[j++] ?? '');
		}
	}
}

function add(pieces: Piece[], kind: Piece['kind'], text: string): void {
	if (text === '') return;
	const last = pieces.at(-1);
	if (last?.kind === kind) last.text += text;
	else pieces.push({ kind, text });
}
