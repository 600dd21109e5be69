// An article, for its readers.

import { request } from '../../core/api';
import type { ArticleView, Citation, Related } from '../../protocol';

/** An article at the version that was cited, with the cited places marked; one that was not cited as it is now. */
export function getArticle(inbox: string, one: Citation | Related): Promise<ArticleView> {
	const cited: Partial<Citation> = one;
	const spans = (cited.spans ?? []).map((s) => `${s.start}-${s.end}`).join();
	return request(`/v1/articles/${cited.version ?? one.article}?inbox=${encodeURIComponent(inbox)}&spans=${spans}`);
}
