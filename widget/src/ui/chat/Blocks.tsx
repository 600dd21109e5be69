// A rendered text as elements. The server sends a tree of nodes, never HTML; a node that is not known shows its kids.

import { type ComponentChildren, h } from 'preact';
import type { Block } from '../../protocol';
import { source } from '../../text/chat';

/** Opens the source with a number. */
export type Cite = (n: number, from: HTMLElement) => void;

const allowed = /^(https?:|mailto:|tel:)/i;
const plain: Record<string, string> = {
	p: 'p',
	quote: 'blockquote',
	ul: 'ul',
	li: 'li',
	tr: 'tr',
	strong: 'strong',
	em: 'em',
	del: 'del',
	br: 'br',
	hr: 'hr',
};

export function Blocks({ blocks, cite }: { blocks: Block[]; cite?: Cite | undefined }) {
	return <>{blocks.map((b) => node(b, cite))}</>;
}

function node(b: Block, cite?: Cite): ComponentChildren {
	const kids = (b.kids ?? []).map((k) => node(k, cite));
	// A paragraph of strong words alone is the title of what follows: an answer out of two articles has one for each.
	if (b.t === 'p' && b.kids?.length === 1 && b.kids[0]?.t === 'strong') return <p class="title">{kids}</p>;
	const tag = plain[b.t];
	if (tag) return h(tag, null, kids);
	switch (b.t) {
		case 'text':
			return b.text;
		case 'code':
			return <code>{b.text}</code>;
		case 'pre':
			return <pre>{b.text}</pre>;
		case 'h':
			// The window has its h1: a text begins below.
			return h(`h${Math.min(6, Math.max(2, b.n ?? 2))}`, null, kids);
		case 'ol':
			return <ol start={b.n || 1}>{kids}</ol>;
		case 'note':
			return <div class="note">{kids}</div>;
		case 'mark':
			return b.kids?.[0]?.t === 'pre' ? <div class="mark">{kids}</div> : <mark>{kids}</mark>;
		case 'table':
			return table(b, cite);
		case 'th':
			return (
				<th scope="col" class={b.align}>
					{kids}
				</th>
			);
		case 'td':
			return <td class={b.align}>{kids}</td>;
		case 'link':
			return allowed.test(b.href ?? '') ? (
				<a href={b.href} target="_blank" rel="noopener noreferrer">
					{kids}
				</a>
			) : (
				<span>{kids}</span>
			);
		case 'cite':
			return (
				<button
					type="button"
					class="cite"
					aria-label={source(b.n ?? 0)}
					onClick={(e) => cite?.(b.n ?? 0, e.currentTarget)}
				>
					{b.n}
				</button>
			);
		default:
			return kids;
	}
}

/** At most four columns fit at 320 px: a wider table becomes a list of label and value. */
function table(b: Block, cite?: Cite) {
	const [head, ...rows] = b.kids ?? [];
	const labels = head?.kids ?? [];
	if (labels.length <= 4)
		return (
			<div class="tbl">
				<table>
					<thead>{head && node(head, cite)}</thead>
					<tbody>{rows.map((r) => node(r, cite))}</tbody>
				</table>
			</div>
		);
	return (
		<div class="tbl">
			{rows.map((r) => (
				<dl>
					{r.kids?.map((cell, i) => (
						<div>
							<dt>{labels[i]?.kids?.map((k) => node(k, cite))}</dt>
							<dd>{cell.kids?.map((k) => node(k, cite))}</dd>
						</div>
					))}
				</dl>
			))}
		</div>
	);
}
