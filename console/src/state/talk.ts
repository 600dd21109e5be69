import type { Article, Citation } from '../protocol';

/** What may be put into a reply of an article: none of an internal or unpublished one. */
export function mayQuote(article: Article): boolean {
	return article.visibility === 'public' && article.status === 'published';
}

/** An article as the source of a reply. */
export function citationOf(article: Article): Citation {
	const { id, version, number, external_id, title, url } = article;
	return { n: 1, article: id, version, number, external_id, title, url, score: 0, spans: [] };
}

/** An article as a link: with its address if it has one; the source below the reply opens it in any case. */
export function linkTo(article: Article): { text: string; citations: Citation[] } | undefined {
	if (!mayQuote(article)) return undefined;
	return {
		text: article.url ? `${article.title}: ${article.url}` : `“${article.title}”`,
		citations: [citationOf(article)],
	};
}

/** The staff whom a note's text still names. */
export function namedIn(text: string, people: readonly { id: string; name: string }[]): string[] {
	return people.filter((each) => text.includes(`@${each.name}`)).map((each) => each.id);
}

/** Where a text names somebody, longest names first, so that "@Ana Maria" is not "@Ana". */
export function mentionsIn(text: string, names: readonly string[]): { start: number; end: number }[] {
	const found: { start: number; end: number }[] = [];
	for (const name of names.toSorted((a, b) => b.length - a.length)) {
		for (let at = text.indexOf(`@${name}`); at >= 0; at = text.indexOf(`@${name}`, at + 1)) {
			const end = at + name.length + 1;
			if (!found.some((each) => at < each.end && end > each.start)) found.push({ start: at, end });
		}
	}
	return found.sort((a, b) => a.start - b.start);
}
