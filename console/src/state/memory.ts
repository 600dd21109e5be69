import type { Suggestion } from '../protocol';

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
	/** The suggested reply that was put in, with its sources. */
	suggested?: Suggestion;
}

export const draftKey = (conversation: string) => `draft.${conversation}`;

/** A draft with a suggested reply put in, behind what was written already. */
export function withSuggestion(draft: Draft, suggested: Suggestion): Draft {
	const before = draft.note ? '' : draft.text.trimEnd();
	return { text: before ? `${before}\n\n${suggested.text}` : suggested.text, note: false, suggested };
}

/** The sources of a draft's suggested reply: only while its words are still there. */
export function citationsOf({ text, suggested }: Draft): Suggestion['citations'] {
	return suggested && text.includes(suggested.text.trim()) ? (suggested.citations ?? []) : [];
}
