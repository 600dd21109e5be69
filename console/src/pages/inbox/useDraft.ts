import { useEffect, useRef, useState } from 'react';
import { type Draft, draftKey, onElsewhere, recall, remember } from '../../state/memory';

const nothing: Draft = { text: '', note: false };

/**
 * The draft of a conversation: kept on every change, and the same in every tab. A tab takes over what another one wrote
 * as it is written, so that none overwrites newer words with older ones; newest is the last entry's number, which a
 * draft notes when it is begun.
 */
export function useDraft(conversation: string, newest: number): [Draft, (next: Draft) => void] {
	const key = draftKey(conversation);
	const [draft, setDraft] = useState(() => recall<Draft>(key, nothing));
	const latest = useRef(draft);
	latest.current = draft;
	useEffect(() => {
		const stop = onElsewhere(key, () => setDraft(recall<Draft>(key, nothing)));
		// A tab that slept was told of nothing.
		const look = () => {
			const stored = recall<Draft>(key, nothing);
			if ((stored.at ?? 0) > (latest.current.at ?? 0)) setDraft(stored);
		};
		window.addEventListener('focus', look);
		return () => {
			stop();
			window.removeEventListener('focus', look);
		};
	}, [key]);
	const change = (next: Draft) => {
		const begun = latest.current.text.trim() === '' && next.text.trim() !== '';
		const kept = { ...next, at: Date.now(), since: begun ? newest : (latest.current.since ?? newest) };
		latest.current = kept;
		setDraft(kept);
		remember(key, kept.text === '' ? undefined : kept);
	};
	return [draft, change];
}
