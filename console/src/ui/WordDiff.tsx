import type { ReactNode } from 'react';
import { diffWords } from '../state/diff';
import { t } from '../text';

/** A text as it is, which scrolls where it is long. */
export function PlainText({ label, children }: { label: string; children: ReactNode }) {
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
		<section className="word-diff" tabIndex={0} aria-label={label}>
			<pre>{children}</pre>
		</section>
	);
}

/** A text with what was added and removed marked, also without colour and for ears. */
export function WordDiff({ before, after, label }: { before: string; after: string; label: string }) {
	return (
		<PlainText label={label}>
			{diffWords(before, after).map((piece, i) => {
				// biome-ignore lint/suspicious/noArrayIndexKey: the pieces of two texts never change their order.
				if (piece.kind === 'same') return <span key={i}>{piece.text}</span>;
				const Mark = piece.kind === 'added' ? 'ins' : 'del';
				return (
					// biome-ignore lint/suspicious/noArrayIndexKey: as above.
					<Mark key={i}>
						<span className="sr">{t(piece.kind === 'added' ? 'diff.added' : 'diff.removed')} </span>
						{piece.text}
					</Mark>
				);
			})}
		</PlainText>
	);
}
