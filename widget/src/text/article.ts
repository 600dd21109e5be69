// What the view of a source says.

import { longDate } from './time';

export { meanwhile, tryAgain } from './chat';
export { back } from './window';

export const article = 'Article';
export const sourceOf = (n: number, of: number) => `Source ${n} of ${of}`;
export const updated = (at: string) => `updated ${longDate(at)}`;
export const minutes = (n: number) => `${n} min`;
export const openPage = 'Open the article in a new tab';
export const articleGone =
	'The article did not load. The answer above it stands. Check your connection and open it again.';
