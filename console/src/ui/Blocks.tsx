import { Fragment, type ReactNode } from 'react';
import type { Block } from '../protocol';

/** Draws the number of a citation in its place. */
export type CiteRenderer = (n: number) => ReactNode;

interface BlocksProps {
	blocks: Block[] | null | undefined;
	cite?: CiteRenderer;
	/** The level of the page's heading that stands above: the text's own headings go below it. */
	under?: number;
}

/** Draws a tree of blocks (chat.Block) as elements. What it does not know it draws as its text and kids, never as HTML. */
export function Blocks({ blocks, cite = (n) => <span className="cite">{n}</span>, under = 1 }: BlocksProps) {
	return <>{kids(blocks, { cite, under })}</>;
}

interface Context {
	cite: CiteRenderer;
	under: number;
}

function kids(blocks: Block[] | null | undefined, context: Context): ReactNode {
	// biome-ignore lint/suspicious/noArrayIndexKey: a rendered text never changes its order.
	return (blocks ?? []).map((block, i) => <Fragment key={i}>{draw(block, context)}</Fragment>);
}

function draw(block: Block, context: Context): ReactNode {
	const inner = () => kids(block.kids, context);
	switch (block.t) {
		case 'text':
			return block.text ?? '';
		case 'p':
			// Strong words alone are the title of what follows: an answer out of two articles has one for each.
			return (
				<p className={block.kids?.length === 1 && block.kids[0]?.t === 'strong' ? 'title' : undefined}>{inner()}</p>
			);
		case 'h': {
			const level = Math.min(6, (block.n ?? 1) + context.under);
			const Heading = `h${level}` as 'h2';
			return <Heading data-level={block.n ?? 1}>{inner()}</Heading>;
		}
		case 'ul':
			return <ul>{inner()}</ul>;
		case 'ol':
			return <ol start={block.n || 1}>{inner()}</ol>;
		case 'li':
			return <li>{inner()}</li>;
		case 'quote':
			return <blockquote>{inner()}</blockquote>;
		case 'note':
			return (
				<div className="callout" role="note">
					{inner()}
				</div>
			);
		case 'table':
			return table(block, context);
		case 'tr':
			return <tr>{inner()}</tr>;
		case 'th':
			return (
				<th scope="col" data-align={block.align}>
					{inner()}
				</th>
			);
		case 'td':
			return <td data-align={block.align}>{inner()}</td>;
		case 'pre':
			return (
				<pre>
					<code>{block.text}</code>
				</pre>
			);
		case 'code':
			return <code>{block.text}</code>;
		case 'strong':
			return <strong>{inner()}</strong>;
		case 'em':
			return <em>{inner()}</em>;
		case 'del':
			return <del>{inner()}</del>;
		case 'mark':
			return <mark>{inner()}</mark>;
		case 'link':
			return isSafe(block.href) ? (
				<a href={block.href} target="_blank" rel="noopener noreferrer">
					{inner()}
				</a>
			) : (
				inner()
			);
		case 'cite':
			return context.cite(block.n ?? 0);
		case 'br':
			return <br />;
		case 'hr':
			return <hr />;
		default:
			return (
				<>
					{block.text}
					{inner()}
				</>
			);
	}
}

/** Rows with heads come first, in a head of their own. */
function table(block: Block, context: Context): ReactNode {
	const rows = block.kids ?? [];
	const isHead = (row: Block) => (row.kids ?? []).every((cell) => cell.t === 'th') && (row.kids ?? []).length > 0;
	const firstBody = rows.findIndex((row) => !isHead(row));
	const cut = firstBody < 0 ? rows.length : firstBody;
	return (
		<div className="table-box">
			<table>
				{cut > 0 && <thead>{kids(rows.slice(0, cut), context)}</thead>}
				<tbody>{kids(rows.slice(cut), context)}</tbody>
			</table>
		</div>
	);
}

/** The server has checked links already; a second look costs nothing. */
function isSafe(href: string | undefined): href is string {
	return href !== undefined && /^(https?:\/\/|mailto:|tel:)/i.test(href);
}
