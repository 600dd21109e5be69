// The widget's side of the talk with the page that embeds it. That page may only open, close and pass words on; it
// learns how many messages are unread, and never what they say.

import type { Page } from './protocol';

/** What goes through the private channel, loader to frame and back. */
export type ToFrame = { t: 'open'; page: Page } | { t: 'close' } | { t: 'message'; text: string };
export type ToLoader = { t: 'close' } | { t: 'state'; unread: number; known: boolean };

export class Frame {
	visible: boolean;
	onOpen: (page: Page) => void = () => {};
	onMessage: (text: string) => void = () => {};
	#port: MessagePort | undefined;
	#told = '';
	readonly #host: string;

	/** host is the origin of the embedding page, as the loader named it in the frame's address; "" without a parent. */
	constructor(
		readonly standalone: boolean,
		host: string,
	) {
		this.#host = host;
		this.visible = standalone;
	}

	/** Says that the frame is ready and waits for the private channel. */
	connect(self: Window, parent: Window): void {
		self.addEventListener('message', (e: MessageEvent) => {
			if (e.source !== parent || e.origin !== this.#host || this.#port) return;
			const port = e.data?.frontdesk === 'port' && e.ports[0];
			if (!port) return;
			this.#port = port;
			port.onmessage = (m) => this.#receive(m.data);
			this.#told = '';
		});
		// A page without an origin (a file, a web view) cannot be named; nothing is said in this message.
		parent.postMessage({ frontdesk: 'ready' }, this.#host === 'null' ? '*' : this.#host);
	}

	close(): void {
		this.visible = false;
		this.#port?.postMessage({ t: 'close' } satisfies ToLoader);
	}

	tell(unread: number, known: boolean): void {
		const now = `${unread} ${known}`;
		if (!this.#port || now === this.#told) return;
		this.#told = now;
		this.#port.postMessage({ t: 'state', unread, known } satisfies ToLoader);
	}

	#receive(m: ToFrame): void {
		if (m.t === 'close') this.visible = false;
		if (m.t === 'open') {
			this.visible = true;
			this.onOpen(m.page);
		}
		if (m.t === 'message') this.onMessage(m.text);
	}
}
