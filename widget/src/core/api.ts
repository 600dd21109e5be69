// The two requests of the customer's side, same-origin.

import type { ArticleView, Citation, Session, SessionRequest } from '../protocol';
import { Refused } from './connection';

/** How long an answer may take. */
const patience = 10_000;

async function read<T>(address: string, init?: RequestInit): Promise<T> {
	const answer = await fetch(address, { ...init, signal: AbortSignal.timeout(patience) });
	const body = await answer.json();
	if (answer.ok) return body;
	const words = body.detail || body.title || String(answer.status);
	// 4xx but for "too many" and "too slow": the request will be no better next time.
	const final = answer.status < 500 && answer.status !== 429 && answer.status !== 408;
	throw final ? new Refused(words) : new Error(words);
}

export function postSession(request: SessionRequest): Promise<Session> {
	return read('/v1/session', {
		method: 'POST',
		headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify(request),
	});
}

/** An article at the version that was cited, with the cited places marked. */
export function getArticle(inbox: string, cited: Citation): Promise<ArticleView> {
	const spans = (cited.spans ?? []).map((s) => `${s.start}-${s.end}`).join();
	return read(`/v1/articles/${cited.version}?inbox=${encodeURIComponent(inbox)}&spans=${spans}`);
}
