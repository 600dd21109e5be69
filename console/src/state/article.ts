import type { Article, ArticleRequest, ArticleStatus, Visibility } from '../protocol';

/** What the editor edits. Until they are saved, tags are one line, parted by commas, and questions a line each. */
export interface ArticleForm {
	title: string;
	body: string;
	url: string;
	tags: string;
	locale: string;
	visibility: Visibility;
	status: ArticleStatus;
	/** What customers ask, in their words, that the article answers. */
	questions: string;
}

/** How many questions an article may have: the server's limit. */
export const mostQuestions = 100;

export const emptyForm: ArticleForm = {
	title: '',
	body: '',
	url: '',
	tags: '',
	locale: '',
	visibility: 'public',
	status: 'draft',
	questions: '',
};

export function formOf(article: Article): ArticleForm {
	return {
		title: article.title,
		body: article.body,
		url: article.url,
		tags: (article.tags ?? []).join(', '),
		locale: article.locale,
		visibility: article.visibility,
		status: article.status,
		questions: (article.questions ?? []).join('\n'),
	};
}

export function tagsOf(line: string): string[] {
	return distinct(line.split(','));
}

export function questionsOf(lines: string): string[] {
	return distinct(lines.split('\n'));
}

/** The texts without the blanks around them, each once; empty ones are none. */
function distinct(texts: string[]): string[] {
	const trimmed = texts.map((text) => text.trim());
	return [...new Set(trimmed.filter((text) => text !== ''))];
}

/** The request that saves a form over the version it began from; a new article has none. */
export function requestOf(form: ArticleForm, version?: string): ArticleRequest {
	return {
		title: form.title.trim(),
		body: form.body,
		url: form.url.trim(),
		tags: tagsOf(form.tags),
		locale: form.locale.trim(),
		visibility: form.visibility,
		status: form.status,
		// Also when there are none: an article that is saved without a word of them keeps those it had.
		questions: questionsOf(form.questions),
		...(version ? { version } : {}),
	};
}

export function isChanged(form: ArticleForm, saved: ArticleForm): boolean {
	return JSON.stringify(requestOf(form)) !== JSON.stringify(requestOf(saved));
}

/** Words of a text and the minutes it takes to read them, at 220 words a minute. */
export function reading(body: string): { words: number; minutes: number } {
	const words = body.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
	return { words, minutes: Math.max(1, Math.round(words / 220)) };
}

export type MarkdownTool = 'heading' | 'bold' | 'link' | 'list' | 'steps' | 'table';

/** What a tool puts in place of the selected text, and which part of it is selected then. */
export function applyTool(tool: MarkdownTool, selected: string): { text: string; from: number; to: number } {
	const around = (before: string, after: string, otherwise: string) => {
		const inner = selected || otherwise;
		return { text: before + inner + after, from: before.length, to: before.length + inner.length };
	};
	const lines = (prefix: (i: number) => string) => {
		const text = (selected || '')
			.split('\n')
			.map((line, i) => prefix(i) + line)
			.join('\n');
		return { text, from: text.length, to: text.length };
	};
	switch (tool) {
		case 'heading':
			return lines(() => '## ');
		case 'bold':
			return around('**', '**', 'text');
		case 'link': {
			const words = selected || 'text';
			const text = `[${words}](https://)`;
			return { text, from: words.length + 3, to: text.length - 1 };
		}
		case 'list':
			return lines(() => '- ');
		case 'steps':
			return lines((i) => `${i + 1}. `);
		case 'table': {
			const text = '| Column | Column |\n| --- | --- |\n|  |  |\n';
			return { text, from: 2, to: 8 };
		}
	}
}
