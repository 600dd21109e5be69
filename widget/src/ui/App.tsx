// The window: which view is shown, where focus goes, and what the page around is told.

import { Component } from 'preact';
import type { Client } from '../core/client';
import type { Frame } from '../frame';
import type { Citation, Related } from '../protocol';
import { Home } from './Home';
import { Lazy } from './Lazy';
import type { Shell } from './parts';

interface Props {
	client: Client;
	frame: Frame;
	inbox: string;
}

interface Source {
	cited: Citation | Related;
	/** How many sources the answer has; none of them is a related article. */
	of: number;
	/** Where focus goes back to. */
	from: HTMLElement;
}

/** Opens a source of an answer, or an article that is related. */
export type OpenSource = (cited: Citation | Related, of: number, from: HTMLElement) => void;

const chatView = () => import('./chat/pane-chat');
const article = () => import('./article/pane-article');

export class App extends Component<Props> {
	/** The view that the customer chose; until then a conversation that is open is shown, one that is over is a tap away. */
	#chat: boolean | undefined;
	#source: Source | undefined;
	#root: HTMLElement | null = null;

	#show(chat: boolean) {
		this.#chat = chat;
		this.#source = undefined;
		this.forceUpdate();
	}

	#openSource: OpenSource = (cited, of, from) => {
		this.#source = { cited, of, from };
		this.forceUpdate();
	};

	#back = () => {
		const from = this.#source?.from;
		this.#source = undefined;
		this.forceUpdate(() => from?.focus());
	};

	get #inChat(): boolean {
		const { current, conversations } = this.props.client;
		return !!current && (this.#chat ?? !conversations.some((c) => c.id === current && c.status === 'closed'));
	}

	override componentDidMount() {
		const { client, frame } = this.props;
		client.onChange = () => this.forceUpdate();
		frame.onOpen = (page) => {
			client.page = page;
			this.forceUpdate();
			this.#focus();
		};
		frame.onMessage = (words) => {
			this.#show(true);
			client.send(words);
		};
		client.connection.start();
		chatView().catch(() => {}); // it is next; Lazy tries again
		this.componentDidUpdate();
	}

	override componentDidUpdate() {
		const { client, frame } = this.props;
		const inChat = this.#inChat;
		if (inChat && client.log.seq) this.#chat = true; // from now on its end does not take it away
		if (inChat && !this.#source && client.caughtUp && frame.visible) client.read();
		frame.tell(client.unread, !!client.current);
	}

	/** Opening moves focus to the composer; on the first view, and where a keyboard would jump up, to the heading. */
	#focus() {
		const find = (what: string) => this.#root?.querySelector<HTMLElement>(what);
		((this.#inChat && matchMedia('(pointer: fine)').matches && find('textarea')) || find('h1'))?.focus();
	}

	override render({ client, frame, inbox }: Props) {
		const source = this.#source;
		const shell: Shell = { client, close: frame.standalone ? undefined : () => frame.close() };
		const enter = () => this.#show(true);
		return (
			// biome-ignore lint/a11y/noStaticElementInteractions: Escape works wherever focus is in the window
			<div
				ref={(el) => {
					this.#root = el;
				}}
				class="w"
				onKeyDown={(e) => {
					if (e.key !== 'Escape' || e.isComposing) return;
					if (source) this.#back();
					else shell.close?.();
				}}
			>
				<div class="view" hidden={!!source}>
					{this.#inChat ? (
						<Lazy load={chatView} props={{ shell, openSource: this.#openSource, home: () => this.#show(false) }} />
					) : (
						<Home shell={shell} enter={enter} />
					)}
				</div>
				{source && (
					<Lazy load={article} props={{ shell, inbox, back: this.#back, cited: source.cited, of: source.of }} />
				)}
			</div>
		);
	}
}
