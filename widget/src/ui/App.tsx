// The window: which view is shown, where focus goes, and what the page around is told.

import { useEffect, useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';
import type { Client } from '../core/client';
import type { Frame } from '../frame';
import type { Citation } from '../protocol';
import { Chat, type OpenSource } from './Chat';
import type { Shell } from './Header';
import { Home } from './Home';
import { Lazy } from './Lazy';

interface Source {
	cited: Citation;
	of: number;
	/** Where focus goes back to. */
	from: HTMLElement;
}

const article = () => import('./pane-article');

export function App({ client, frame, inbox }: { client: Client; frame: Frame; inbox: string }) {
	const [, changed] = useReducer((n: number) => n + 1, 0);
	const [chosen, setChosen] = useState<boolean>();
	const [source, setSource] = useState<Source>();
	const root = useRef<HTMLDivElement>(null);
	const shell: Shell = { client, close: frame.standalone ? undefined : () => frame.close() };

	// A conversation that is over is one tap away; one that is open is shown at once.
	const over = client.conversations.some((c) => c.id === client.current && c.status === 'closed');
	const chat = !!client.current && (chosen ?? !over);
	const ready = chat && client.log.seq > 0;

	useLayoutEffect(() => {
		client.onChange = () => changed(undefined);
		frame.onOpen = () => focus(root.current);
		frame.onMessage = (words) => {
			setChosen(true);
			setSource(undefined);
			client.send(words);
		};
		client.connection.start();
	}, [client, frame]);

	useEffect(() => {
		if (ready) setChosen(true); // from now on its end does not take it away
	}, [ready]);

	useEffect(() => {
		if (chat && !source && client.caughtUp && frame.visible) client.read();
		frame.tell(client.unread, !!client.current);
	});

	const openSource: OpenSource = (seq, n, from) => {
		const cited = client.log.entries[seq - 1]?.answer?.citations ?? [];
		const one = cited.find((c) => c.n === n);
		if (one) setSource({ cited: one, of: cited.length, from });
	};
	const back = () => {
		setSource(undefined);
		source?.from.focus();
	};
	const asked = client.state.owner !== 'bot';
	useEffect(() => {
		if (asked) setSource(undefined); // "Talk to a person" beside the article: what comes is in the chat
	}, [asked]);

	return (
		// biome-ignore lint/a11y/noStaticElementInteractions: Escape works wherever focus is in the window
		<div
			ref={root}
			class="w"
			onKeyDown={(e) => {
				if (e.key !== 'Escape' || e.isComposing) return;
				if (source) back();
				else shell.close?.();
			}}
		>
			<div class="view" hidden={!!source}>
				{chat ? (
					<Chat shell={shell} openSource={openSource} home={() => setChosen(false)} />
				) : (
					<Home shell={shell} enter={() => setChosen(true)} />
				)}
			</div>
			{source && <Lazy load={article} props={{ shell, inbox, back, cited: source.cited, of: source.of }} />}
		</div>
	);
}

/** Opening moves focus to the composer, on the first view and on touch screens (a keyboard would jump up) to the heading. */
function focus(root: HTMLElement | null): void {
	const field = root?.querySelector<HTMLElement>('.scroll ~ .wc textarea');
	const heading = root?.querySelector<HTMLElement>('h1');
	(field && matchMedia('(pointer: fine)').matches ? field : heading)?.focus();
}
