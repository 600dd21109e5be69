// The conversation: header, what was said, what goes on now, composer.

import type { Client } from '../core/client';
import { derive } from '../core/state';
import type { Child } from '../jsx-runtime';
import type { Entry } from '../protocol';
import { t } from '../text/words';
import { BotLine } from './Answer';
import { Blocks } from './Blocks';
import type { Composer } from './Composer';
import { draftBlocks } from './draft';
import { after, draw } from './draw';
import { message, people, whole } from './Message';
import { Pending } from './Pending';
import { Bot, Close, Face, PersonButton, type Shell } from './parts';
import { Stick } from './stick';
import { Trouble } from './Trouble';

/** Longer than any answer takes. */
const answerWithin = 30_000;

export class Chat {
	readonly #shell: Shell;
	readonly #stick = new Stick();
	/** The conversation whose history is drawn: from then on the log is read aloud. Before, all of it would be. */
	#live = '';

	constructor(shell: Shell) {
		this.#shell = shell;
	}

	#drawn = () => {
		const { client } = this.#shell;
		this.#stick.drawn(client, document.querySelector('.chat'));
		if (!client.caughtUp || this.#live === client.current) return;
		this.#live = client.current;
		draw();
	};

	view(composer: Composer): Child {
		const { client } = this.#shell;
		const { owner, verify, notice, status } = derive(client.log.entries);
		const live = this.#live === client.current;
		if (client.draft) client.drafted = (client.drafted ?? new Set()).add(client.draft.turn);
		after(this.#drawn);
		const { lines, cut } = this.#log();
		return (
			<>
				<Header key="c" shell={this.#shell} />
				<Trouble client={client} />
				{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
				<main key={client.current} class="scroll chat" tabIndex={0} onscroll={this.#stick.scrolled}>
					<div class="flow">
						<div class={live ? 'log live' : 'log'} role="log" aria-label={t.log} aria-live={live ? 'polite' : 'off'}>
							{lines}
							{client.pending.map((i) => (
								<Pending key={i.frame.d.client_id} item={i} client={client} />
							))}
						</div>
						{Now(client, cut)}
						{(verify || notice || status === 'closed') && people()?.ahead(this.#shell)}
					</div>
				</main>
				{composer.view({
					hint: hint(client),
					send: (w) => client.send(w),
					writing: () => owner !== 'bot' && client.writing(),
				})}
			</>
		);
	}

	/** The log as far as it can be drawn whole; what is cut off appears when its part is loaded. */
	#log() {
		const { entries } = this.#shell.client.log;
		const end = entries.findIndex((e) => !whole(e));
		const lines = (end < 0 ? entries : entries.slice(0, end)).map((e, i) => message(e, entries[i - 1], this.#shell));
		return { lines, cut: end >= 0 };
	}
}

function hint(client: Client): string {
	const { owner, status } = derive(client.log.entries);
	if (owner !== 'bot' || status === 'closed') return people()?.hint(client) ?? '';
	return client.log.entries.at(-1)?.answer?.choices?.length ? t.orType : t.ask;
}

/** The line on top: who is on the other side, the way to a person, and the way out. */
function Header({ shell }: { shell: Shell }) {
	const { client } = shell;
	const { owner, status, agent } = derive(client.log.entries);
	const open = status === 'open';
	const asked = client.pending.some((i) => i.frame.t === 'request_person');
	const mark = owner === 'agent' || (!open && agent) ? agent : '';
	return (
		<header class="wh">
			<Face name={mark} />
			<h1 class="nm" tabIndex={-1}>
				<b>{mark || client.face?.brand}</b>
				<small>{owner === 'bot' && open ? <Bot client={client} /> : people()?.about(client)}</small>
			</h1>
			{owner === 'bot' && open && !asked && <PersonButton client={client} />}
			<Close shell={shell} />
		</header>
	);
}

/** What goes on at this moment; none of it is part of the log. cut: more of the log is on its way. */
function Now(client: Client, cut: boolean): Child {
	const { log, draft } = client;
	const { owner, status, epoch } = derive(log.entries);
	const words = draft && draft.epoch >= epoch ? draft.text : '';
	const thinks = !words && owner === 'bot' && status === 'open' && isRecent(log.entries.at(-1));
	return (
		<>
			{(cut || (!client.caughtUp && !log.seq && !client.pending.length)) && <p class="skeleton" />}
			{words && (
				<div class="bt" aria-hidden="true">
					<BotLine client={client} />
					<div class="page" dir="auto">
						<Blocks blocks={draftBlocks(words)} />
					</div>
				</div>
			)}
			<div role="status">
				{thinks && (
					<div class="bt late">
						<BotLine client={client} />
						<span class="vh">{t.looking}</span>
						<p class="skeleton" />
					</div>
				)}
				{client.typing && people()?.typing(client)}
			</div>
		</>
	);
}

/** A question that the bot may be working on. */
function isRecent(e: Entry | undefined): boolean {
	return e?.kind === 'message' && e.from.kind === 'customer' && Date.now() - Date.parse(e.at) < answerWithin;
}
