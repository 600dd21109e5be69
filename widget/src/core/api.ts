// Requests to the gateway, same-origin.

import type { Session, SessionRequest } from '../protocol';
import { Refused } from './connection';

/** How long an answer may take. */
const patience = 10_000;

/** The answer as JSON. Throws Refused when the same request will fare no better. */
export async function request<T>(address: string, init?: RequestInit): Promise<T> {
	const answer = await fetch(address, { ...init, signal: AbortSignal.timeout(patience) });
	const body = await answer.json();
	if (answer.ok) return body;
	const words = body.detail || body.title || `${answer.status}`;
	// 4xx but for "too slow" and "too many": the request will be no better next time.
	throw /^4(?!08|29)/.test(`${answer.status}`) ? new Refused(words) : Error(words);
}

export function postSession(of: SessionRequest): Promise<Session> {
	// Without a type of its own: the gateway reads JSON, whatever it is called.
	return request('/v1/session', { method: 'POST', body: JSON.stringify(of) });
}
