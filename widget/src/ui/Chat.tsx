// The conversation: header, what was said, what goes on now, composer.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Client } from '../core/client';
import { text } from '../text';
import type { Cite } from './Blocks';
import { Composer } from './Composer';
import { Header, type Shell } from './Header';
import { Icon } from './Icon';
import { BotLine, Message, Pending } from './Message';
import { Lazy } from './Lazy';

/** Opens the source n of the answer with number seq. */
export type OpenSource = (seq: number, n: number, from: HTMLElement) => void;

const cards = () => import('./pane-cards');

export function Chat({ shell, openSource, home }: { shell: Shell; openSource: OpenSource; home: () => void }) {
	const { client } = shell;
	const { state, log } = client;
	const scroll = useRef<HTMLDivElement>(null);
	// History is rendered before the log becomes live, or a screen reader would read all of it.
	const [live, setLive] = useState(false);
	useEffect(() => setLive(client.caughtUp), [client.caughtUp]);
	useStick(scroll, client);

	return (
		<>
			<Header shell={shell} />
			<Trouble client={client} />
			<main class="scroll" ref={scroll}>
				{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
				<div class="log" role="log" aria-label={text.log} aria-live={live ? 'polite' : 'off'} tabIndex={0}>
					{log.entries.map((e, i) => {
						const cite: Cite = (n, from) => openSource(e.seq, n, from);
						return <Message key={e.seq} entry={e} before={log.entries[i - 1]} client={client} cite={cite} />;
					})}
					{client.pending.map((i) => <Pending key={i.frame.d.client_id} item={i} client={client} />)}
				</div>
				<Now client={client} />
				{(state.notice || state.status === 'closed') && <Lazy load={cards} props={{ client, home }} />}
			</main>
			<Composer box={client.box} hint={hint(client)} send={(w) => client.send(w)} writing={() => client.writing()} />
		</>
	);
}

function hint(client: Client): string {
	const { owner, status, agent } = client.state;
	if (status === 'closed') return text.again;
	if (owner === 'agent') return text.writeTo(agent);
	if (owner === 'queue') return text.more;
	return client.log.entries.at(-1)?.answer?.choices?.length ? text.orType : text.ask;
}

/** What goes on at this moment; none of it is part of the log. */
function Now({ client }: { client: Client }) {
	const { draft, typing, state, log } = client;
	const thinks = !draft && state.owner === 'bot' && state.lastFrom === 'customer' && log.entries.at(-1)?.kind === 'message';
	return (
		<>
			{!client.caughtUp && !log.seq && !client.pending.length && <p class="skeleton" />}
			{draft && (
				<div class="bt" aria-hidden="true">
					<BotLine />
					<p class="page draft" dir="auto">{draft}</p>
				</div>
			)}
			<div role="status">
				{thinks && (
					<div class="bt late">
						<BotLine />
						<span class="vh">{text.looking}</span>
						<p class="skeleton" />
					</div>
				)}
				{typing && <p class="dots"><span class="vh">{text.writing(typing)}</span><i /><i /><i /></p>}
			</div>
		</>
	);
}

function Trouble({ client }: { client: Client }) {
	const { phase, failures, why } = client.connection;
	if (phase === 'stopped')
		return <div class="banner" role="alert"><Icon name="alert" /><p>{why}</p></div>;
	if (phase === 'up' || (failures < 2 && navigator.onLine)) return null;
	return (
		<div class="banner" role="alert">
			<Icon name="offline" />
			<p>{text.offline}</p>
			<button type="button" class="btn" onClick={() => client.connection.wake()}>{text.tryNow}</button>
		</div>
	);
}

/** Keeps the end in view, unless the reader has scrolled up. A long answer is shown from its beginning. */
function useStick(ref: { current: HTMLDivElement | null }, client: Client): void {
	const stick = useRef(true);
	const seen = useRef(0);
	useLayoutEffect(() => {
		const el = ref.current;
		if (!el) return;
		const onScroll = () => {
			stick.current = el.scrollHeight - el.scrollTop - el.clientHeight < 80;
		};
		el.addEventListener('scroll', onScroll, { passive: true });
		const watch = new ResizeObserver(() => {
			if (stick.current) el.scrollTop = el.scrollHeight;
		});
		watch.observe(el);
		for (const kid of el.children) watch.observe(kid);
		return () => {
			el.removeEventListener('scroll', onScroll);
			watch.disconnect();
		};
	}, []);
	useLayoutEffect(() => {
		const el = ref.current;
		const last = client.log.entries.at(-1);
		const isNew = seen.current !== client.log.seq;
		seen.current = client.log.seq;
		if (!el || (!stick.current && !client.pending.length)) return;
		el.scrollTop = el.scrollHeight;
		const answer = isNew && last?.from.kind === 'bot' ? el.querySelector<HTMLElement>(`#m${last.seq}`) : null;
		if (answer && answer.offsetHeight > el.clientHeight) {
			el.scrollTop = answer.offsetTop - 12;
			stick.current = false;
		}
	});
}
