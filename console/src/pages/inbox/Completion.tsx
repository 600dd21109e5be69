import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { t, tn } from '../../text';

export interface Choice {
	key: string;
	/** In the first column: a code, a face. */
	lead: ReactNode;
	words: ReactNode;
	aside?: ReactNode;
	choose: () => void;
}

interface Completion {
	/** For the text field: which list it opens, and what of it is chosen. */
	field: { 'aria-controls'?: string; 'aria-activedescendant'?: string; 'aria-autocomplete'?: 'list' };
	/** Handles a key of the field; true when it was the list's. */
	onKey: (event: KeyboardEvent) => boolean;
	list: ReactNode;
}

/** A list over a text field whose focus stays in the field: arrows move, Enter and Tab take, Escape closes. */
export function useCompletion(label: string, open: string | undefined, choices: Choice[]): Completion {
	const id = useId();
	const box = useRef<HTMLDivElement>(null);
	const [at, setAt] = useState(0);
	const [closed, close] = useState<string>();
	const shown = open !== undefined && open !== closed && choices.length > 0;
	const chosen = Math.min(at, choices.length - 1);
	// Another list begins at its first line, and is not the one that was closed.
	// biome-ignore lint/correctness/useExhaustiveDependencies: what opens the list is the reason.
	useEffect(() => setAt(0), [open, choices.length]);
	useEffect(() => {
		if (open === undefined) close(undefined);
	}, [open]);
	useEffect(() => {
		if (shown) box.current?.children[chosen]?.scrollIntoView({ block: 'nearest' });
	}, [shown, chosen]);

	const onKey = (event: KeyboardEvent): boolean => {
		if (!shown || event.nativeEvent.isComposing || event.metaKey || event.ctrlKey) return false;
		const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
		if (step) setAt((chosen + step + choices.length) % choices.length);
		else if (event.key === 'Enter' || (event.key === 'Tab' && !event.shiftKey)) choices[chosen]?.choose();
		else if (event.key === 'Escape') close(open);
		else return false;
		event.preventDefault();
		return true;
	};
	return {
		field: {
			'aria-autocomplete': 'list',
			...(shown ? { 'aria-controls': id, 'aria-activedescendant': `${id}-${chosen}` } : {}),
		},
		onKey,
		list: (
			<>
				{shown && (
					<div className="completion" role="listbox" id={id} aria-label={label} ref={box}>
						{choices.map((choice, i) => (
							// biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and its keys.
							<div
								key={choice.key}
								id={`${id}-${i}`}
								role="option"
								tabIndex={-1}
								aria-selected={i === chosen}
								className="completion-line"
								// The field keeps the focus.
								onPointerDown={(event) => event.preventDefault()}
								onClick={choice.choose}
							>
								<span className="completion-lead">{choice.lead}</span>
								<span className="cut">{choice.words}</span>
								{choice.aside}
							</div>
						))}
					</div>
				)}
				<span className="sr" role="status">
					{shown
						? tn('completion.found', choices.length)
						: open !== undefined && open !== closed
							? t('completion.none')
							: ''}
				</span>
			</>
		),
	};
}
