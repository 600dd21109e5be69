import type { Inbox, InboxRequest, InboxSettings } from '../../../protocol';

/** What a section of the page is given: the settings as they stand in the form, and a way to change some of them. */
export interface SectionProps {
	inbox: Inbox;
	settings: InboxSettings;
	set: (change: Partial<InboxSettings>) => void;
}

/** What an admin changes of an inbox before it is saved, and what that was written over. */
export interface WidgetForm {
	settings: InboxSettings;
	revision: number;
}

export const formOf = (inbox: Inbox): WidgetForm => ({ settings: inbox.settings, revision: inbox.revision });

/** Whether the form says something else than what is stored, whatever the order of its fields. */
export const isChanged = (form: WidgetForm, inbox: Inbox): boolean =>
	canonical(form.settings) !== canonical(inbox.settings);

/** Nothing, false, 0 and "" are what a field is without a value. */
function canonical(value: unknown): string {
	return (
		JSON.stringify(value, (_, part) => {
			if (part === '' || part === 0 || part === false || part === null) return undefined;
			if (typeof part !== 'object' || Array.isArray(part)) return part;
			const kept = Object.entries(part)
				.filter(([, each]) => canonical(each) !== '')
				.sort(([a], [b]) => (a < b ? -1 : 1));
			return kept.length > 0 ? Object.fromEntries(kept) : undefined;
		}) ?? ''
	);
}

/** Lines of a text: without empty ones, and without spaces around them. */
export const linesOf = (text: string): string[] =>
	text
		.split('\n')
		.map((line) => line.trim())
		.filter(Boolean);

/** How it goes to the server. */
export const requestOf = (form: WidgetForm, inbox: Inbox): InboxRequest => ({
	name: inbox.name,
	revision: form.revision,
	settings: {
		...form.settings,
		sites: form.settings.sites.map((site) => site.trim()).filter(Boolean),
		starters: form.settings.starters.map((line) => line.trim()).filter(Boolean),
		proactive: form.settings.proactive?.map((rule) => ({
			...rule,
			text: rule.text.trim(),
			pages: linesOf((rule.pages ?? []).join('\n')),
			locales: linesOf((rule.locales ?? []).join('\n')),
		})),
	},
});

export const isColour = (text: string): boolean => /^#[0-9a-f]{6}$/i.test(text);
