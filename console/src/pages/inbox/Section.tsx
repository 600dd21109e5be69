import type { ReactNode } from 'react';

/** A part of the panel under a title. */
export function Section({ title, end, children }: { title: string; end?: string; children: ReactNode }) {
	return (
		<section>
			<h3>
				<span>{title}</span>
				{end && <span className="num">{end}</span>}
			</h3>
			{children}
		</section>
	);
}
