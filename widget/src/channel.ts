// What goes through the private channel between the page's side (loader.ts) and the widget's (frame.ts). Data only; each
// side checks what it gets and ignores the rest.

import type { Page } from './protocol';

/**
 * Loader to frame. view: what the customer sees of the page and of the chat, at the handshake and after each change.
 * call: a method that the loader does not do itself; its arguments are as the page gave them. told: the answer to ask.
 */
export type ToFrame =
	| { t: 'view'; open: boolean; page: Page }
	| { t: 'call'; id: number | 'who'; m: string; a: unknown[] }
	| { t: 'told'; id: number; v: unknown };

/**
 * Frame to loader. open, close: the window. done: the end of a call, with a value or an error; again: a new frame is told
 * the same. ask: a token of the page's callback; told is an Error when it gives none. emit: an event for the page. title:
 * words before the page's own title, in the place of those before; they end in a space that no page writes, so that they
 * are found again. face: see Face.
 */
export type ToLoader =
	| { t: 'open' | 'close' }
	| { t: 'done'; id: number | 'who'; v?: unknown; e?: Error; end?: boolean; again?: boolean }
	| { t: 'ask'; id: number }
	| { t: 'emit'; name: string; detail?: unknown }
	| { t: 'title'; v: string }
	| ({ t: 'face' } & Face);

/** How the launcher looks, and what the next page of the site is to know before there is a frame. */
export interface Face {
	/** Rules after those of loader-css.ts, as the gateway puts them into the frame's page. Without them the frame is not shown. */
	css?: string;
	/** Words beside the launcher's drawing. */
	text?: string;
	/** In the customer's language; the first says how many messages are unread. */
	words?: readonly [open: string, close: string, silent: string];
	/** How many messages the customer has not seen: "3", "9+". */
	badge?: string;
	/** Pixels. The frame is shown as a small bubble of this height while the window is closed. */
	peek?: number;
	/** The frame is wanted before it is opened: a message waits, or the inbox has something to show or to keep. */
	idle?: boolean;
}
