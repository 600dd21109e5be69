// What is wrong with an e-mail address, in words for who typed it; "" when nothing is.

import { t } from '../../text/words';

export function problem(email: string): string {
	if (!/^[^@\s]+@[^@\s]/.test(email)) return t.emailAt;
	return /\.[^.\s@]{2,}$/.test(email) ? '' : t.emailCut;
}
