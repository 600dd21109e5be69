// The conversation: header, what was said, what goes on now, composer.

import type { DraftText } from '../protocol';
import { t } from '../text/words';
import type { Child } from '../vnode';
import { BotLine, drafted } from './Answer';
import { around } from './beside';
import type { Composer } from './Composer';
import { after, draw } from './draw';
import { message, people, whole } from './Message';
import { Pending } from './Pending';
import { Bot, Close, Mark, PersonButton, type Shell } from './parts';
import { Stick } from './stick';

/** Longer than any answer takes. */
const answerWithin = 30_000;

export class Chat {
	readonly #shell: Shell;
	readonly #stick: Stick;
	/** The conversation whose history is drawn: from then on the log is read aloud. Before, all of it would be. */
	#live = '';
	/** The last that was drawn. */
	#draft: DraftText | undefined;

	constructor(shell: Shell) {
		this.#shell = shell;
		this.#stick = new Stick(shell.client);
	}

	#drawn = () => {
		const { client } = this.#shell;
		this.#stick.drawn();
		if (!client.caughtUp || this.#live === client.current) return;
		this.#live = client.current;
		draw();
	};

	view(composer: Composer): Child {
		const shell = this.#shell;
		const { client } = shell;
		const { log, last, pending, current } = client;
		const { entries } = log;
		const { owner, atBot, epoch } = client.state;
		const live = this.#live === current;
		// The log as far as it can be drawn whole; what is cut off appears when its part is loaded.
		const end = entries.findIndex((e) => !whole(e));
		// With a person in it, the conversation has more to it than this.
		const more = !atBot || entries.some((e) => e.notice) ? people() : undefined;
		const now = more?.now(client);
		const write = composer.view({
			hint: atBot ? (last?.answer?.choices?.length ? t.orType : t.ask) : (now?.hint ?? ''),
			send: (w) => client.send(w),
			writing: () => owner !== 'bot' && more?.writing(client),
		});
		after(this.#drawn); // when the field has its height
		return (
			<>
				<header key="chat" class="wh">
					{now?.face ?? <Mark />}
					<h1 class="nm" tabIndex={-1}>
						<b>{now?.name || client.face?.brand}</b>
						<small>{atBot ? <Bot client={client} /> : now?.about}</small>
					</h1>
					{atBot && !client.asked && <PersonButton client={client} />}
					<span class="icon">{around()?.Menu({ shell })}</span>
					<Close shell={shell} />
				</header>
				{around()?.Trouble({ client })}
				{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
				<main key={current} class="scroll chat" tabIndex={0} onscroll={this.#stick.scrolled}>
					<div class="flow">
						<div class={live ? 'log live' : 'log'} role="log" aria-label={t.log} aria-live={live ? 'polite' : 'off'}>
							{entries.slice(0, end < 0 ? undefined : end).map((e, i) => message(e, entries[i - 1], shell))}
							{pending.map((i) => (
								<Pending key={i.frame.d.client_id} item={i} client={client} />
							))}
						</div>
						{this.#now(end >= 0, epoch, more)}
						{more?.ahead(shell)}
					</div>
				</main>
				{write}
			</>
		);
	}

	/** What goes on at this moment; none of it is part of the log. cut: more of that is on its way. */
	#now(cut: boolean, epoch: number, more: ReturnType<typeof people>): Child {
		const { client } = this.#shell;
		const { draft, last } = client;
		if (draft) {
			this.#draft = draft;
			drafted.add(draft.turn);
		} else if (!cut || last?.answer?.turn !== this.#draft?.turn) this.#draft = undefined; // else its entry is not drawn yet
		const words = this.#draft && this.#draft.epoch >= epoch ? this.#draft.text : '';
		// A question that the bot may be working on.
		const asks =
			last?.kind === 'message' && last.from.kind === 'customer' && Date.parse(last.at) + answerWithin > Date.now();
		return (
			<>
				{words
					? around()?.Draft({ client, words })
					: (cut || (!client.caughtUp && !last && !client.pending.length)) && <p class="skeleton" />}
				<div role="status">
					{asks && !words && client.state.atBot && (
						<div class="bt late">
							<BotLine client={client} />
							<span class="vh">{t.looking}</span>
							<p class="skeleton" />
						</div>
					)}
					{more?.typing(client)}
				</div>
			</>
		);
	}
}
