// The blocks that few answers have: tables, notes, headings, code, quotes, marked places.

import type { Block } from '../../protocol';
import type { Child } from '../../vnode';
import { adopt } from '../sheet';
import css from './rich.css?inline';

adopt(css);

/** A block whose kids are made already; make makes one. */
export function rich(b: Block, children: Child, make: (b: Block) => Child): Child {
	switch (b.t) {
		case 'code':
		case 'pre':
		case 'del':
		case 'hr':
		case 'tr':
			return h(b.t, null, children);
		case 'h':
			// The window has its h1: a text begins below.
			return h(`h${Math.min(6, Math.max(2, b.n ?? 2))}`, null, children);
		case 'quote':
			return <blockquote>{children}</blockquote>;
		case 'mark':
			return b.kids?.[0]?.t === 'pre' ? <div class="mark">{children}</div> : <mark>{children}</mark>;
		case 'note':
			return <div class="note">{children}</div>;
		case 'th':
			return (
				<th scope="col" class={b.align}>
					{children}
				</th>
			);
		case 'td':
			return <td class={b.align}>{children}</td>;
		case 'table':
			return table(b, make);
	}
	return children;
}

/** At most four columns fit at 320 px: a wider table becomes a list of label and value. */
function table(b: Block, make: (b: Block) => Child): Child {
	const [head, ...rows] = b.kids ?? [];
	const labels = head?.kids ?? [];
	return (
		<div class="tbl">
			{labels.length <= 4 ? (
				<table>
					<thead>{head && make(head)}</thead>
					<tbody>{rows.map(make)}</tbody>
				</table>
			) : (
				rows.map((r) => (
					<dl>
						{r.kids?.map((cell, i) => (
							<div>
								<dt>{labels[i]?.kids?.map(make)}</dt>
								<dd>{cell.kids?.map(make)}</dd>
							</div>
						))}
					</dl>
				))
			)}
		</div>
	);
}
