import { type ReactNode, useId } from 'react';

interface CardProps {
	/** The finding, in words. */
	title: string;
	/** What the figures are of. */
	words?: ReactNode;
	/** How much of the page's width it takes. */
	size: 'wide' | 'most' | 'third' | 'quarter';
	children?: ReactNode;
}

export function Card({ title, words, size, children }: CardProps) {
	const id = useId();
	return (
		<section className={`card ${size}`} aria-labelledby={id}>
			<h2 id={id}>{title}</h2>
			{words && <p className="card-words">{words}</p>}
			{children}
		</section>
	);
}
