import type { Address, Emoji, Length, OffLimits, PromptState, Style, Tone } from '../protocol';
import { t } from '../text';
import { example } from '../text/example';

/** What the form of a style edits. Lists are texts until they are saved: languages parted by commas, phrases a line each. */
export interface StyleForm {
	name: string;
	tone: Tone;
	address: Address;
	/** Whether it answers in the customer's language, or in some languages only. */
	language: 'customer' | 'fixed';
	languages: string;
	length: Length;
	emoji: Emoji;
	signOff: string;
	offLimits: SubjectForm[];
}

/** A subject that the bot stays out of. */
export interface SubjectForm {
	/** For the screen only. */
	key: number;
	name: string;
	phrases: string;
	does: 'person' | 'answer';
	answer: string;
}

export const tones: Tone[] = ['plain', 'warm', 'formal', 'brisk'];
export const lengths: Length[] = ['short', 'medium', 'long'];

let lastKey = 0;

export function emptySubject(): SubjectForm {
	return { key: ++lastKey, name: '', phrases: '', does: 'person', answer: '' };
}

export function formOf(style: Style): StyleForm {
	const languages = style.languages ?? [];
	return {
		name: style.name,
		tone: style.tone || 'plain',
		address: style.address,
		language: languages.length > 0 ? 'fixed' : 'customer',
		languages: languages.join(', '),
		length: style.length || 'short',
		emoji: style.emoji || 'never',
		signOff: style.sign_off,
		offLimits: (style.off_limits ?? []).map((subject) => ({
			key: ++lastKey,
			name: subject.name,
			phrases: (subject.phrases ?? []).join('\n'),
			does: subject.answer ? 'answer' : 'person',
			answer: subject.answer,
		})),
	};
}

export function styleOf(form: StyleForm): Style {
	return {
		name: form.name.trim(),
		tone: form.tone,
		address: form.address,
		languages: form.language === 'fixed' ? parted(form.languages, ',') : [],
		length: form.length,
		emoji: form.emoji,
		sign_off: form.signOff.trim(),
		off_limits: form.offLimits.map(subjectOf),
	};
}

function subjectOf(form: SubjectForm): OffLimits {
	return {
		name: form.name.trim(),
		phrases: parted(form.phrases, '\n'),
		answer: form.does === 'answer' ? form.answer.trim() : '',
	};
}

function parted(text: string, by: string): string[] {
	const parts = text.split(by).map((part) => part.trim());
	return [...new Set(parts.filter((part) => part !== ''))];
}

/** Whether saving would change anything. */
export function isChanged(form: StyleForm, saved: Style): boolean {
	return JSON.stringify(styleOf(form)) !== JSON.stringify(styleOf(formOf(saved)));
}

/** What stands in the way of saving, by field; a subject's under its key. */
export function faultsOf(form: StyleForm): Record<string, string> {
	const faults: Record<string, string> = {};
	if (form.language === 'fixed') {
		const tags = parted(form.languages, ',');
		const wrong = tags.find((tag) => !/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/.test(tag));
		if (tags.length === 0) faults.languages = t('voice.fault.languages');
		else if (wrong) faults.languages = t('voice.fault.language', { tag: wrong });
	}
	for (const subject of form.offLimits) {
		const phrases = parted(subject.phrases, '\n');
		const short = phrases.find((phrase) => phrase.length < 3);
		if (phrases.length === 0) faults[`${subject.key}.phrases`] = t('voice.fault.phrases');
		else if (short) faults[`${subject.key}.phrases`] = t('voice.fault.phrase', { phrase: short });
		if (subject.does === 'answer' && subject.answer.trim() === '')
			faults[`${subject.key}.answer`] = t('voice.fault.answer');
	}
	return faults;
}

/** A style as names and words, in the order of the form. */
export function factsOf(style: Style): [string, string][] {
	const none = t('voice.none');
	const languages = style.languages ?? [];
	const subjects = (style.off_limits ?? []).map((subject) => subject.name || (subject.phrases ?? []).join(', '));
	return [
		[t('voice.name'), style.name || t('bot.name')],
		[t('voice.tone'), t(`voice.tone.${style.tone || 'plain'}`)],
		[t('voice.length'), t(`voice.length.${style.length || 'short'}`)],
		[t('voice.emoji'), t(`voice.emoji.${style.emoji || 'never'}`)],
		[t('voice.signOff'), style.sign_off || none],
		[t('voice.answersIn'), languages.join(', ') || t('voice.answersIn.customer')],
		[t('voice.address'), t(`voice.address.${style.address || 'free'}`)],
		[t('voice.off'), subjects.join('; ') || none],
	];
}

export type ExampleLanguage = 'en' | 'de';

/** The sentences of an example answer in the manner that a form asks for. They are ours: no model is asked. */
export function exampleOf(form: StyleForm, language: ExampleLanguage): string[] {
	const words = example[language === 'de' && form.address === 'informal' ? 'du' : language];
	const lines: string[] = [];
	if (form.tone === 'warm') lines.push(`${words.warm}${form.emoji === 'rarely' ? ' 🙂' : ''}`);
	if (form.tone === 'formal') lines.push(words.formal, words.formally);
	else lines.push(form.tone === 'brisk' ? words.brisk : words.plain);
	if (form.length !== 'short') lines.push(words.more);
	if (form.length === 'long') lines.push(words.most);
	if (form.signOff.trim() !== '') lines.push(form.signOff.trim());
	return lines;
}

export type PromptStatus = 'default' | 'own' | 'draft' | 'outdated';

/** The one word for how a prompt stands. */
export function statusOf(prompt: PromptState): PromptStatus {
	if (prompt.draft) return 'draft';
	if (prompt.live) return prompt.outdated ? 'outdated' : 'own';
	return 'default';
}
