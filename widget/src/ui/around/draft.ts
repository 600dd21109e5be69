// An answer in the making comes as plain text. It is drawn as the stored one will be, so that nothing moves when that
// takes its place.

import type { Block } from '../../protocol';

/** The steps, points and paragraphs of a text, one a line. */
export function draftBlocks(text: string): Block[] {
	const out: Block[] = [];
	for (const line of text.split('\n')) {
		const mark = /^(\d+\.|-) /.exec(line)?.[0];
		const t = mark ? (mark[0] === '-' ? 'ul' : 'ol') : 'p';
		const words: Block[] = [{ t: 'text', text: line.slice(mark?.length) }];
		const kids = mark ? [{ t: 'li', kids: words }] : words;
		const last = out.at(-1);
		if (mark && last?.t === t) last.kids?.push(...kids);
		else out.push({ t, kids });
	}
	return out;
}
