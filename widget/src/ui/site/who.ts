// Who the page says its customer is, as a session is asked for it.

import type { SessionRequest } from '../../protocol';

/** What the page gives to identify; the names are also those of pages that were written for user_hash. */
export interface Who {
	/** A token that the site's backend has signed; true: a callback of the page gives one whenever it is needed. */
	token?: string | true;
	jwt?: string;
	user_id?: string;
	user_hash?: string;
	email?: string;
	name?: string;
}

export type Named = Pick<SessionRequest, 'user_jwt' | 'user'>;

/** The part of a session request, but for the token of a callback. Throws what is wrong, for the page's developer. */
export function named({ token, jwt = token as string, user_id, user_hash, email, name }: Who): Named {
	if (token === true) return {};
	if (typeof jwt === 'string') return { user_jwt: jwt };
	if (!user_hash) throw new Error('identify needs jwt, token, or user_id with user_hash.');
	return { user: { id: user_id && `${user_id}`, email, name, hash: `${user_hash}` } };
}

/** Whom it names, so that another is told from the same: a token's subject is the same from token to token. */
export function subject({ user_jwt, user }: Named): string {
	if (user) return user.id ?? user.email ?? '';
	try {
		const [, claims = ''] = `${user_jwt}`.split('.');
		// Its bytes as letters: what is no ASCII is not to be read, but it is the same each time.
		return JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/'))).sub;
	} catch {
		return ''; // the server says what is wrong with it
	}
}
