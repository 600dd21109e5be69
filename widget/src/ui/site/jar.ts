// The visitor's token where the frame may keep nothing (a private window, third-party storage blocked): in a cookie that
// browsers give a frame on this one site, so that the next page has the conversation again. It is sent to the frame's own
// address alone, where nobody reads it. Without TLS there is none, and the token ends with the page.

import { postSession } from '../../core/api';
import type { Session, SessionRequest } from '../../protocol';

const known = (inbox: string) => `frontdesk:${inbox}=`;
/** Once on a page: from then on the page has the token, or has been told that it does not count. */
let looked = false;

/** Keeps a token; '' forgets it. */
export function keep(inbox: string, token: string): void {
	const age = token ? 31_536_000 : 0;
	// biome-ignore lint/suspicious/noDocumentCookie: not every browser has the Cookie Store yet
	document.cookie = `${known(inbox)}${token};max-age=${age};path=${location.pathname};secure;samesite=none;partitioned`;
}

/** Asks for the session of the token that was kept, unless the page has one by now, and keeps the one that comes. */
export async function postKnown(of: SessionRequest): Promise<Session> {
	const kept = looked ? undefined : document.cookie.split(known(of.inbox))[1]?.split(';')[0];
	const session = await postSession({ ...of, visitor_token: of.visitor_token || kept });
	looked = true;
	keep(of.inbox, session.visitor_token);
	return session;
}
