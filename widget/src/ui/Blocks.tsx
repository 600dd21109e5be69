// A rendered text as elements. The server sends a tree of nodes, never HTML; a node that is not known shows its kids.

import type { Block } from '../protocol';
import { fill, t } from '../text/words';
import type { Child } from '../vnode';
import { lazy } from './lazy';

/** Opens the source with a number. */
export type Cite = (n: number, from: HTMLElement) => void;

/** Articles, and the blocks that few answers have. */
export const reader = lazy(() => import('../panes/people'));
const allowed = /^(https?:|mailto:|tel:)/i;
const plain = /^(p|ul|ol|li|strong|em|br)$/;
const own = /^(text|link|cite)$/;

/** Whether all that the blocks need is loaded. */
export const drawable = (blocks: Block[] | undefined): boolean =>
	!blocks?.some((b) => !((plain.test(b.t) || own.test(b.t)) && drawable(b.kids)) && !reader.here());

interface Tree {
	blocks: Block[];
	cite?: Cite | undefined;
	/** How much deeper it may go: no text goes so deep, and the document's own limit would stop the window. */
	left?: number;
}

export function Blocks({ blocks, cite, left = 50 }: Tree): Child {
	const make = (b: Block): Child => {
		const { t: type, n = 0, kids, href } = b;
		const first = kids?.[0];
		const children: Child = b.text ?? (kids && left && Blocks({ blocks: kids, cite, left: left - 1 }));
		// A paragraph of strong words alone is the title of what follows: an answer out of two articles has one for each.
		if (type === 'p' && first?.t === 'strong' && !kids?.[1]) return <p class="title">{children}</p>;
		if (plain.test(type)) return h(type, n ? { start: n } : null, children);
		if (type === 'link' && allowed.test(href ?? ''))
			return (
				<a href={href} target="_blank" rel="noreferrer">
					{children}
				</a>
			);
		if (type === 'cite')
			return (
				<button
					type="button"
					class="cite"
					aria-label={fill(t.source, { n })}
					onclick={(e) => cite?.(n, e.currentTarget)}
				>
					{n}
				</button>
			);
		return own.test(type) ? children : (reader()?.rich(b, children, make) ?? children);
	};
	return blocks.map(make);
}
