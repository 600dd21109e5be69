// The window: which view is shown, where focus goes, and what the page around is told.

import type { Client } from '../core/client';
import type { Frame } from '../frame';
import type { Citation, Related } from '../protocol';
import { t } from '../text/words';
import { reader } from './Blocks';
import { around } from './beside';
import { Chat } from './Chat';
import { Composer } from './Composer';
import { after, draw, mount } from './draw';
import { Home } from './Home';
import { lazy } from './lazy';
import type { Shell } from './parts';

/** What the pane of an article is given. */
export interface Source {
	cited: Citation | Related;
	/** How many sources the answer has; none of them is a related article. */
	of: number;
	/** Where focus goes back to. */
	from?: HTMLElement | undefined;
}

const site = lazy(() => import('../panes/site'));
export class App implements Shell {
	/** The view that the customer chose; until then a conversation that is open is shown, one that is over is a tap away. */
	#chosen: boolean | undefined;
	#source: Source | undefined;
	#wasChat: boolean | undefined;
	declare readonly close: (() => void) | undefined;
	readonly #chat: Chat;
	declare readonly composer: Composer;

	constructor(
		readonly client: Client,
		readonly frame: Frame,
		readonly inbox: string,
	) {
		this.close = frame.standalone ? undefined : () => frame.close();
		this.#chat = new Chat(this);
		this.composer = new Composer(client);
	}

	/** Draws the window, when its words are there. */
	start(): void {
		const { client, frame } = this;
		client.onChange = draw;
		frame.onOpen = this.#focus;
		frame.onPage = (page) => {
			client.page = page;
			draw();
		};
		frame.onCall = draw;
		mount(document.body, () => this.#view());
	}

	show(chat: boolean): void {
		this.#chosen = chat;
		this.#source = undefined;
		draw();
	}

	home = () => this.show(false);

	open = (cited: Source['cited'], of: number, from?: HTMLElement) => {
		this.#source = { cited, of, from };
		draw();
	};

	back = () => {
		const from = this.#source?.from;
		this.#source = undefined;
		draw();
		queueMicrotask(() => from?.focus());
	};

	get #inChat(): boolean {
		const { current, over } = this.client;
		return !!current && (this.#chosen ?? !over);
	}

	/** Opening moves focus to the composer; on the first view, and where a keyboard would jump up, to the heading. */
	#focus = () => {
		const first = this.#inChat && matchMedia('(pointer: fine)').matches ? 'textarea' : 'h1';
		document.querySelector<HTMLElement>(first)?.focus();
	};

	#drawn = () => {
		if (!t) return; // nothing can be said yet
		const { client, frame } = this;
		const inChat = this.#inChat;
		// What had focus in the view before this one is gone. A frame without focus takes none from the page.
		if (this.#wasChat !== inChat && document.hasFocus() && document.activeElement === document.body) this.#focus();
		this.#wasChat = inChat;
		if (inChat && client.log.seq) this.#chosen = true; // from now on its end does not take it away
		if (inChat && !this.#source && client.caughtUp && frame.visible && !document.hidden) client.read();
		around()?.drawn(this);
		const wanted = client.face?.privacy?.page_views || client.face?.proactive;
		frame.tell(client.unread, !!(client.current || wanted), client.face?.appearance?.launcher);
		if (wanted || frame.calls[0] || frame.tag.has('consent')) site()?.serve(this);
	};

	#view() {
		after(this.#drawn);
		const source = this.#source;
		return (
			// biome-ignore lint/a11y/noStaticElementInteractions: Escape works wherever focus is in the window
			<div
				class="w"
				onkeydown={(e) => {
					if (e.key !== 'Escape' || e.isComposing) return;
					if (source) this.back();
					else this.close?.();
				}}
			>
				<div class="view" hidden={!!source}>
					{t && (this.#inChat ? this.#chat.view(this.composer) : Home(this, this.composer))}
				</div>
				{source && reader()?.Article({ shell: this, source })}
			</div>
		);
	}
}
