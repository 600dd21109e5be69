// What is wrong with an e-mail address, in words for who typed it; "" when nothing is.

import { emailAt, emailCut } from '../../text/person';

export function problem(email: string): string {
	if (!/^[^@\s]+@[^@\s]/.test(email)) return emailAt;
	return /\.[^.\s@]{2,}$/.test(email) ? '' : emailCut;
}
