// The conversation: header, what was said, what goes on now, composer.

import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import type { Client } from '../../core/client';
import { derive } from '../../core/state';
import type { Entry } from '../../protocol';
import * as text from '../../text/chat';
import { ask } from '../../text/window';
import type { OpenSource } from '../App';
import { Composer } from '../Composer';
import { Icon } from '../Icon';
import { Lazy } from '../Lazy';
import type { Shell } from '../parts';
import { Blocks } from './Blocks';
import chatCss from './chat.css?inline';
import { draftBlocks } from './draft';
import { Header } from './Header';
import { alert, offline } from './icons';
import { BotLine, Message, Pending } from './Message';
import { adopt } from './sheet';
import { Stick } from './stick';

adopt(chatCss);

/** Longer than any answer takes. */
const answerWithin = 30_000;

const cards = () => import('../cards/pane-cards');

export interface ChatProps {
	shell: Shell;
	openSource: OpenSource;
	home: () => void;
}

export default function Chat({ shell, openSource, home }: ChatProps) {
	const { client } = shell;
	const { log } = client;
	const state = derive(log.entries);
	const [stick] = useState(() => new Stick());
	if (client.draft) client.drafted = (client.drafted ?? new Set()).add(client.draft.turn);
	// History is rendered before the log becomes live, or a screen reader would read all of it.
	const [live, setLive] = useState(false);
	useEffect(() => setLive(client.caughtUp), [client.caughtUp]);
	useLayoutEffect(() => stick.rendered(client));
	// What had focus in the view before this one is gone. A frame without focus takes none from the page.
	useEffect(() => {
		if (document.hasFocus() && document.activeElement === document.body) focusFirst();
	}, []);

	return (
		<>
			<Header shell={shell} />
			<Trouble client={client} />
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
			<main class="scroll" tabIndex={0} ref={stick.attach} onScroll={stick.scrolled}>
				<div class="flow">
					<div class={live ? 'log live' : 'log'} role="log" aria-label={text.log} aria-live={live ? 'polite' : 'off'}>
						{log.entries.map((e, i) => (
							<Message key={e.seq} entry={e} before={log.entries[i - 1]} client={client} openSource={openSource} />
						))}
						{client.pending.map((i) => (
							<Pending key={i.frame.d.client_id} item={i} client={client} />
						))}
					</div>
					<Now client={client} />
					{(state.verify || state.notice || state.status === 'closed') && (
						<Lazy load={cards} props={{ client, home }} />
					)}
				</div>
			</main>
			<Composer
				box={client.box}
				hint={hint(client)}
				send={(w) => client.send(w)}
				writing={() => state.owner !== 'bot' && client.writing()}
			/>
		</>
	);
}

/** The composer, or where a keyboard would jump up, the heading. */
function focusFirst(): void {
	const first = matchMedia('(pointer: fine)').matches ? '.wc textarea' : 'h1';
	document.querySelector<HTMLElement>(first)?.focus();
}

function hint(client: Client): string {
	const { owner, status, agent } = derive(client.log.entries);
	if (status === 'closed') return text.again;
	if (owner === 'agent') return text.writeTo(agent);
	if (owner === 'queue') return text.more;
	return client.log.entries.at(-1)?.answer?.choices?.length ? text.orType : ask;
}

/** What goes on at this moment; none of it is part of the log. */
function Now({ client }: { client: Client }) {
	const { typing, log } = client;
	const state = derive(log.entries);
	const draft = client.draft && client.draft.epoch >= state.epoch ? client.draft.text : '';
	const thinks = !draft && state.owner === 'bot' && state.status === 'open' && isRecent(log.entries.at(-1));
	return (
		<>
			{!client.caughtUp && !log.seq && !client.pending.length && <p class="skeleton" />}
			{draft && (
				<div class="bt" aria-hidden="true">
					<BotLine client={client} />
					<div class="page" dir="auto">
						<Blocks blocks={draftBlocks(draft)} />
					</div>
				</div>
			)}
			<div role="status">
				{thinks && (
					<div class="bt late">
						<BotLine client={client} />
						<span class="vh">{text.looking}</span>
						<p class="skeleton" />
					</div>
				)}
				{typing && (
					<p class="dots">
						<span class="vh">{text.writing(typing.name || state.agent)}</span>
						<i />
						<i />
						<i />
					</p>
				)}
			</div>
		</>
	);
}

/** A question that the bot may be working on. */
function isRecent(e: Entry | undefined): boolean {
	return e?.kind === 'message' && e.from.kind === 'customer' && Date.now() - Date.parse(e.at) < answerWithin;
}

/** What is wrong with the connection, in place. */
export function Trouble({ client }: { client: Client }) {
	const { phase, failures, why } = client.connection;
	if (phase === 'stopped')
		return (
			<div class="banner" role="alert">
				<Icon d={alert} />
				<p>{typeof why === 'string' ? why : (text.stopped[why] ?? text.stoppedElse)}</p>
			</div>
		);
	if (phase === 'up' || (failures < 2 && navigator.onLine)) return null;
	return (
		<div class="banner" role="alert">
			<Icon d={offline} />
			<p>{text.offline}</p>
			<button type="button" class="btn" onClick={() => client.connection.wake()}>
				{text.tryNow}
			</button>
		</div>
	);
}
