/**
 * The types of Frontdesk's global function, for pages that embed the widget.
 *
 *     /// <reference path="./frontdesk.d.ts" />
 *     await Frontdesk('open');
 *
 * Every call gives a promise. It ends when the call has had its effect, and rejects with an Error that says what is wrong.
 * Calls that say something of the customer (identify, context, event, consent, locale, theme) wait until the chat is
 * loaded, which is when it is opened first or a message waits: do not await them where your page has to go on.
 */

/** A value that can be kept of a customer or an event; null forgets an attribute. */
export type FrontdeskValue = string | number | boolean | null;

/** Who the customer is, shown by your backend. See docs/identity.md. */
export type FrontdeskIdentity =
	/** A token that your backend has signed. When it ends, the customer is nobody in particular again. */
	| { jwt: string }
	/** Gives a token of your backend whenever one is needed: at first, before the last one ends, and when it is refused. */
	| { token: () => string | Promise<string> }
	/** HMAC-SHA-256 of the user id (or of the e-mail, where there is no id) in hexadecimal, as other products take it. */
	| { user_id?: string; user_hash: string; email?: string; name?: string };

/** What happens, for `on` and `off`. Each is also a CustomEvent of the window, `frontdesk:open` and so on. */
export interface FrontdeskEvents {
	/** The window was opened. */
	open: undefined;
	/** The window was closed. */
	close: undefined;
	/** How many messages the customer has not seen; after each change. */
	unread: number;
}

export interface FrontdeskFunction {
	/** Opens the window. */
	(method: 'open'): Promise<void>;
	/** Closes the window. */
	(method: 'close'): Promise<void>;
	/** Opens or closes the window. */
	(method: 'toggle'): Promise<void>;
	/** Shows the launcher. */
	(method: 'show'): Promise<void>;
	/** Closes the window and takes the launcher away; `open` opens the window all the same. */
	(method: 'hide'): Promise<void>;

	/** Says who the customer is. Rejects with the server's words if it is not believed. */
	(method: 'identify', who: FrontdeskIdentity): Promise<void>;
	/** Forgets the customer: whoever sits there next begins anew. */
	(method: 'logout'): Promise<void>;
	/** Sets attributes of the customer, at most 32. Resolves to false where they are not kept (no consent, Do Not Track). */
	(method: 'context', attributes: Record<string, FrontdeskValue>): Promise<boolean>;
	/** Notes something that the customer did. Resolves to false where it is not kept. */
	(method: 'event', name: string, properties?: Record<string, FrontdeskValue>): Promise<boolean>;
	/** The customer agrees (or no longer does) that context, events and pages are kept. Resolves to false if it is not. */
	(method: 'consent', given: boolean): Promise<boolean>;

	/** Opens the window and sends words of the customer; with `send: false` they stand in the field. */
	(method: 'message', text: string, how?: { send?: boolean }): Promise<void>;
	/** Opens the window with a help article, by its id. */
	(method: 'article', id: string): Promise<void>;

	/** Listens to an event. */
	<E extends keyof FrontdeskEvents>(
		method: 'on',
		event: E,
		listener: (detail: FrontdeskEvents[E]) => void,
	): Promise<void>;
	/** Ends what `on` began, with the same function. */
	<E extends keyof FrontdeskEvents>(
		method: 'off',
		event: E,
		listener: (detail: FrontdeskEvents[E]) => void,
	): Promise<void>;

	/** Speaks another language: "de", "pt-BR". Resolves to the one that is spoken, with its region: "de-DE". */
	(method: 'locale', tag: string): Promise<string>;
	/** Light or dark, or as the visitor's system has it. */
	(method: 'theme', theme: 'light' | 'dark' | 'auto'): Promise<void>;
	/** Ends the visitor's session and takes everything away: storage, listeners, elements. The tag can be put in again. */
	(method: 'shutdown'): Promise<void>;

	/** Calls from before the script was there. */
	q?: ArrayLike<unknown>[];
	/** The script is there. */
	ready?: boolean;
}

declare global {
	var Frontdesk: FrontdeskFunction;
	interface WindowEventMap {
		'frontdesk:open': CustomEvent<undefined>;
		'frontdesk:close': CustomEvent<undefined>;
		'frontdesk:unread': CustomEvent<number>;
	}
}
