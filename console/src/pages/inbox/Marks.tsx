import { type RefObject, useEffect, useRef } from 'react';

export interface Mark {
	start: number;
	end: number;
	kind: 'gap' | 'mention';
}

/** What a text field cannot do: marks behind its text. It lies under the field and has the same text, type and scroll. */
export function Marks({
	area,
	text,
	marks,
}: {
	area: RefObject<HTMLTextAreaElement | null>;
	text: string;
	marks: Mark[];
}) {
	const box = useRef<HTMLDivElement>(null);
	useEffect(() => {
		const field = area.current;
		if (!field) return;
		const follow = () => {
			if (box.current) box.current.scrollTop = field.scrollTop;
		};
		follow();
		field.addEventListener('scroll', follow, { passive: true });
		return () => field.removeEventListener('scroll', follow);
	});
	if (marks.length === 0) return null;
	const parts: { key: number; words: string; kind?: Mark['kind'] }[] = [];
	let at = 0;
	for (const mark of marks.toSorted((a, b) => a.start - b.start)) {
		if (mark.start < at) continue;
		parts.push(
			{ key: at, words: text.slice(at, mark.start) },
			{ key: mark.start, words: text.slice(mark.start, mark.end), kind: mark.kind },
		);
		at = mark.end;
	}
	return (
		<div className="composer-area composer-marks" dir="auto" aria-hidden="true" ref={box}>
			{parts.map(({ key, words, kind }) =>
				kind ? (
					<mark key={`${key}${kind}`} className={`mark-${kind}`}>
						{words}
					</mark>
				) : (
					words
				),
			)}
			{/* A last line that is empty has no height of its own. */}
			{`${text.slice(at)}\u200b`}
		</div>
	);
}
