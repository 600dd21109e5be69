// A cited article, for its readers.

import type { ArticleView, Citation } from '../protocol';
import { request } from './api';

/** An article at the version that was cited, with the cited places marked. */
export function getArticle(inbox: string, cited: Citation): Promise<ArticleView> {
	const spans = (cited.spans ?? []).map((s) => `${s.start}-${s.end}`).join();
	return request(`/v1/articles/${cited.version}?inbox=${encodeURIComponent(inbox)}&spans=${spans}`);
}
