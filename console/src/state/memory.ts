import type { Citation, MacroAction, Suggestion } from '../protocol';

/** What the browser remembers for this user: drafts, how far was read, settings. Storage may be full or forbidden. */
const prefix = 'frontdesk.';

export function remember(key: string, value: unknown): void {
	try {
		if (value === undefined || value === '') localStorage.removeItem(prefix + key);
		else localStorage.setItem(prefix + key, JSON.stringify(value));
	} catch {
		// Then it lasts as long as the page.
	}
}

export function recall<T>(key: string, otherwise: T): T {
	try {
		const text = localStorage.getItem(prefix + key);
		return text === null ? otherwise : (JSON.parse(text) as T);
	} catch {
		return otherwise;
	}
}

/** Has fn called when another tab has changed what is remembered. */
export function onElsewhere(key: string, fn: () => void): () => void {
	const listen = (event: StorageEvent) => event.key === prefix + key && fn();
	window.addEventListener('storage', listen);
	return () => window.removeEventListener('storage', listen);
}

/** Forgets what was written here: after a sign-out nobody finds it on this machine. Settings of the screen stay. */
export function forgetWork(): void {
	try {
		for (const key of Object.keys(localStorage)) {
			if (key.startsWith(prefix) && !key.startsWith(`${prefix}screen.`)) localStorage.removeItem(key);
		}
	} catch {
		// Nothing was kept then.
	}
}

/** Draft of a reply or note in a conversation. */
export interface Draft {
	text: string;
	note: boolean;
	/** What was put in and has sources: suggested replies, articles. */
	used?: Suggestion[];
	/** Whom a note may mention: who was chosen from the list. */
	named?: { id: string; name: string }[];
	/** What canned replies do once it was sent. */
	after?: MacroAction[];
	/** The newest entry when it was begun. */
	since?: number;
	/** When it was changed last. */
	at?: number;
}

export const draftKey = (conversation: string) => `draft.${conversation}`;

/** A draft with a suggested reply put in, behind what was written already. */
export function withSuggestion(draft: Draft, suggested: Suggestion): Draft {
	const before = draft.note ? '' : draft.text.trimEnd();
	const text = before ? `${before}\n\n${suggested.text}` : suggested.text;
	return { ...draft, text, note: false, used: [...(draft.used ?? []), suggested] };
}

/** The sources of what was put into a draft: only of what is still there in its own words, each article once. */
export function citationsOf({ text, used }: Draft): Citation[] {
	const found = new Map<string, Citation>();
	for (const each of used ?? []) {
		if (!text.includes(each.text.trim())) continue;
		for (const citation of each.citations ?? [])
			if (!found.has(citation.version)) found.set(citation.version, citation);
	}
	return [...found.values()].map((citation, i) => ({ ...citation, n: i + 1 }));
}
