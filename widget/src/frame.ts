// The widget's side of the talk with the page that embeds it. That page opens and closes, says who its customer is and
// passes words on; it learns how many messages are unread, and never what they say.

import type { Face, ToFrame, ToLoader } from './channel';
import type { Page } from './protocol';
import { fill, t } from './text/words';

export type Call = Extract<ToFrame, { t: 'call' }>;

export class Frame {
	declare visible: boolean;
	/** The attributes of the page's script tag, without "data-", as the loader hands them on; lang: the page's. */
	readonly tag = new URLSearchParams(location.search);
	/** The channel is there. soon: the page is about to say who the customer is. */
	onReady: (soon: boolean) => unknown = () => {};
	/** What the page knows of us; wear changes it. */
	readonly face: Face = {};
	onOpen: (page: Page) => void = () => {};
	/** What the customer sees of the page: after each change, of the window too. */
	onPage: (page: Page) => void = () => {};
	/** What the page asked for and nobody has done yet: see ui/site. */
	readonly calls: Call[] = [];
	onCall: () => void = () => {};
	/** A token of the page's callback has come: see say. */
	onToken: (id: number, token: unknown) => void = () => {};
	#port: MessagePort | undefined;
	#told = '';
	#unread = 0;
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
			this.wear({ css: document.querySelector<HTMLMetaElement>('meta[name=launcher]')?.content });
			this.onReady(e.data.who);
		});
		// A page without an origin (a file, a web view) cannot be named; nothing is said in this message.
		parent.postMessage({ frontdesk: 'ready' }, this.#host === 'null' ? '*' : this.#host);
	}

	close(): void {
		this.visible = false;
		this.say({ t: 'close' });
	}

	/** After each drawing. */
	tell(unread: number, known: boolean, text?: string): void {
		const now = `${unread} ${known} ${text}`;
		if (!this.#port || now === this.#told) return;
		this.#told = now;
		this.wear({
			badge: unread > 9 ? '9+' : unread ? `${unread}` : '',
			words: [unread ? fill(t.openUnread, { n: unread }) : t.openChat, t.closeChat, t.noAnswer],
			idle: known,
			text,
		});
		if (unread !== this.#unread) this.say({ t: 'emit', name: 'unread', detail: unread });
		this.#unread = unread;
	}

	/** Changes what the page knows of us. */
	wear(change: Face): void {
		Object.assign(this.face, change);
		this.say({ t: 'face', ...this.face });
	}

	/** Says something to the page's side, if there is one. */
	say(m: ToLoader): void {
		this.#port?.postMessage(m);
	}

	#receive(m: ToFrame): void {
		if (m.t === 'view') {
			const page = { url: `${m.page.url}`.slice(0, 2000), title: `${m.page.title}`.slice(0, 120) };
			const opened = m.open && !this.visible;
			this.visible = m.open;
			this.onPage(page);
			if (opened) this.onOpen(page);
		}
		if (m.t === 'told') this.onToken(m.id, m.v);
		if (m.t === 'call') {
			this.calls.push(m);
			this.onCall();
		}
	}
}
