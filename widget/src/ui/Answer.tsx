// What the bot says: a page, not a bubble, with its sources.

import type { Client } from '../core/client';
import type { Citation, Entry } from '../protocol';
import { clock } from '../text/time';
import { fill, t } from '../text/words';
import type { Child } from '../vnode';
import { Blocks, type Cite } from './Blocks';
import type { Line } from './Message';
import { Bot, Mark, type Shell } from './parts';

/** Turns whose draft was drawn: their entry stands where that stood, and does not appear anew. */
export const drafted = new Set<string | undefined>();

export function Answer({ entry, shell, children }: Line & { children?: Child }) {
	const cite = citing(entry, shell);
	return (
		<div class={drafted.has(entry.answer?.turn) ? 'bt same' : 'bt'} id={`m${entry.seq}`}>
			<BotLine client={shell.client} at={entry.at} />
			<div class="page" dir="auto">
				{entry.blocks?.length ? <Blocks blocks={entry.blocks} cite={cite} /> : <p>{entry.text}</p>}
			</div>
			<Sources of={entry.answer?.citations} cite={cite} />
			{children}
		</div>
	);
}

/** Who speaks: to the eye the mark and a tag, to the ear one phrase. */
export function BotLine({ client, at }: { client: Client; at?: string }) {
	return (
		<p class="by">
			<span class="vh">{t.aiAssistant}</span>
			<span class="who" aria-hidden="true">
				<Mark />
				<b>
					<Bot client={client} />
				</b>
			</span>
			{at && <time dateTime={at}>{clock(at)}</time>}
		</p>
	);
}

/** Opens the sources of an entry. */
export function citing({ answer, sources }: Entry, shell: Shell): Cite {
	const cited = answer?.citations ?? sources ?? [];
	return (n, from) => {
		const one = cited.find((c) => c.n === n);
		if (one) shell.open(one, cited.length, from);
	};
}

/** The articles that a message rests on: one opens inside the widget. */
export function Sources({ of, cite }: { of: Citation[] | undefined; cite: Cite }) {
	return of?.length ? (
		<ul class="srcs" aria-label={fill(t.sources, { n: of.length })}>
			{of.map((c) => (
				<li>
					<button type="button" class="src" onclick={(e) => cite(c.n, e.currentTarget)}>
						<span class="cite" aria-hidden="true">
							{c.n}
						</span>
						<span class="vh">{fill(t.source, { n: c.n })}: </span>
						<span dir="auto">{c.title}</span>
					</button>
				</li>
			))}
		</ul>
	) : null;
}
