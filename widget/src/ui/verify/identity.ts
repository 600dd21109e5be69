// What the server is asked while a customer confirms who they are. A browser that has a session is known by its token.

import type { Client } from '../../core/client';
import type { CodeChecked, CodeSent } from '../../protocol';
import { t } from '../../text/words';

/** A request that was refused. code is the problem's: it says whether trying the same again makes sense. */
export class Problem extends Error {
	constructor(
		words: string,
		readonly code: string,
	) {
		super(words);
	}
}

const patience = 15_000;

async function post<T>(path: string, client: Client, body: object): Promise<T> {
	const credentials = {
		inbox: new URLSearchParams(location.search).get('inbox'),
		visitor_token: client.box.get<string>('token'),
		conversation: client.current,
	};
	let answer: Response;
	let read: { detail?: string; code?: string };
	try {
		answer = await fetch(`/v1/identity/${path}`, {
			method: 'POST',
			body: JSON.stringify({ ...credentials, ...body }),
			signal: AbortSignal.timeout(patience),
		});
		read = await answer.json();
	} catch {
		throw new Problem(t.noLine, 'unavailable');
	}
	if (!answer.ok) throw new Problem(read.detail ?? t.noLine, read.code ?? '');
	return read as T;
}

export const sendCode = (client: Client, email: string) => post<CodeSent>('code', client, { email });
export const checkCode = (client: Client, code: string) => post<CodeChecked>('check', client, { code });
