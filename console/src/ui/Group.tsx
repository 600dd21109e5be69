import { type ReactNode, useId } from 'react';

/** A part of a form, with what it is for. */
export function Group({ title, words, children }: { title: string; words: string; children: ReactNode }) {
	const id = useId();
	return (
		<section className="form-group" aria-labelledby={id}>
			<div className="form-group-head">
				<h2 id={id}>{title}</h2>
				<p>{words}</p>
			</div>
			{children}
		</section>
	);
}

/** A control that has its own name, under a label that is seen. */
export function Row({ label, hint, children }: { label: string; hint?: string; children: ReactNode }) {
	return (
		<div className="field">
			<span className="field-label" aria-hidden="true">
				{label}
			</span>
			<div>{children}</div>
			{hint && <span className="hint">{hint}</span>}
		</div>
	);
}
