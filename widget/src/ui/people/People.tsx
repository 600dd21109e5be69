// What there is when a person comes in, and what hangs on a message: agents' words, who came and went, the line, cards.
// Loaded with the first of them.

import type { Client } from '../../core/client';
import type { Entry } from '../../protocol';
import { clock, due } from '../../text/time';
import { fill, t } from '../../text/words';
import type { Child } from '../../vnode';
import { citing, Sources } from '../Answer';
import { Blocks } from '../Blocks';
import { beside as attach } from '../beside';
import { draw, stateOf } from '../draw';
import { Icon } from '../Icon';
import { type Line, Status } from '../Message';
import type { Shell } from '../parts';
import { adopt } from '../sheet';
import { cards, Place } from './Place';
import css from './people.css?inline';
import { derive } from './state';

adopt(css);

const checks = 'm2 10.5 3.8 4 7-9M9.6 14l.5.5 7.2-9';
const page = 'M5.5 3h6L15 6.5V17H5.5zM11.5 3v3.5H15M8 10.5h4.5M8 13.5h4.5';

/** Whether all parts of the entry are loaded. */
export const whole = (e: Entry): boolean =>
	(!e.files || attach.here()) && (!e.card || cards.here()) && (!hasPromise(e) || cards.here());

const hasPromise = (e: Entry) => e.promise || e.notice?.kind === 'promise';

/** What an entry says that is neither the customer's message nor the bot's. */
export function said(line: Line): Child {
	const { entry: e, shell } = line;
	const { notice } = e;
	const kind = notice?.kind;
	const card = () => cards()?.PromiseCard({ entry: e, client: shell.client });
	switch (e.kind) {
		case 'message':
			return <Agent {...line} />;
		case 'owner':
			return aside(moved(e));
		case 'promise':
			// What became of it shows on the card that it had when it was made.
			return e.promise?.state === 'open' && card();
		case 'contact':
			return aside(e.contact && fill(t.leftEmail, { email: e.contact.email }));
		case 'rating':
			return aside(e.rating && fill(t.rated, { n: e.rating.score, of: highest[e.rating.kind ?? 'csat'] }));
		case 'transcript':
			// Once it is settled, a notice says how.
			return (
				!shell.client.log.entries.some((s) => s.kind === 'notice' && s.notice?.seq === e.seq && isOfMail(s)) &&
				aside(fill(t.mailOnWay, { email: e.transcript?.email ?? '' }))
			);
		case 'notice':
			if (kind === 'verified') return aside(fill(t.confirmed, { email: notice?.email ?? '' }));
			if (kind === 'mailed' || isOfMail(e))
				return aside(fill(kind === 'undelivered' ? t.mailFailed : t.mailed, { email: notice?.email ?? '' }));
			if (kind === 'opener')
				return (
					<div class="bt">
						<p class="by">
							<b>{shell.client.face?.brand}</b> {t.automatic}
						</p>
						<p class="page" dir="auto">
							{e.text}
						</p>
					</div>
				);
			// With an address or a broken promise the customer gets the receipt beside the words.
			return [
				/^(offline|overdue|verify)$/.test(kind ?? '') && (
					<p class="say" dir="auto">
						{told(e) || e.text}
					</p>
				),
				(kind === 'promise' || (kind === 'overdue' && e.promise?.state !== 'broken')) && card(),
			];
	}
	return null;
}

/** What the desk tells, in the reader's language and time; nothing where the log has it in words alone. */
function told({ at, notice: n }: Entry): string | undefined {
	if (!n || n.kind === 'verify') return t.verifyAsk;
	const { email = '', what = '', was, agent: name, promised, opens_at } = n;
	const time = promised && due(promised);
	if (n.kind === 'offline') {
		const back = opens_at && fill(t.backAt, { time: due(opens_at) });
		return time && sentences(t.away, back, fill(email ? t.awayMail : t.awayLeave, { time, email }));
	}
	if (!was) return;
	const words = Date.parse(was) > Date.parse(at) ? (what ? t.off : t.offAnswer) : what ? t.late : t.lateAnswer;
	return sentences(
		fill(words, { time: due(was), what }),
		n.words,
		time && fill(email ? t.newTimeMail : t.newTime, { time, email }),
		name && fill(t.hasIt, { agent: name }),
	);
}

/** One after the other; Japanese and Chinese ones have no space between them. */
const sentences = (...all: (string | undefined)[]) => all.filter(Boolean).join(/^(ja|zh)/.test(t.locale) ? '' : ' ');

const isOfMail = ({ notice }: Entry) => notice?.kind === 'transcript' || notice?.kind === 'undelivered';

/** The highest score of each kind of rating. */
export const highest = { csat: 5, ces: 7, nps: 10 };

const aside = (words: string | undefined): Child =>
	words && (
		<p class="sys">
			<span>{words}</span>
		</p>
	);

function moved({ at, change: c, from }: Entry): string | undefined {
	const time = clock(at);
	if (!c) return;
	const name = c.name ?? '';
	if (c.status === 'closed') {
		const by = from.kind === 'agent' && (from.name || name);
		return by ? fill(t.closedBy, { time, name: by }) : fill(t.closed, { time });
	}
	if (c.reason === 'reopened') return fill(t.reopened, { time });
	if (c.to === 'agent') return fill(t.joined, { time, name });
	if (c.to === 'bot') return fill(t.botBack, { time });
}

function Agent(line: Line) {
	const { entry, before, shell } = line;
	const first = before?.from.kind !== 'agent' || before.kind !== 'message';
	const words = wordsOf(entry);
	const cite = citing(entry, shell);
	return (
		<div class={first ? 'ag' : 'ag next'}>
			{first && (
				<p class="by">
					<Face name={entry.from.name} photo={entry.from.photo} /> <b>{entry.from.name}</b>{' '}
					<time dateTime={entry.at}>{clock(entry.at)}</time>
				</p>
			)}
			{words && (
				<div class="b" dir="auto">
					{entry.blocks?.length ? <Blocks blocks={entry.blocks} cite={cite} /> : <p>{linked(words)}</p>}
				</div>
			)}
			{beside(line)}
			<Sources of={entry.sources} cite={cite} />
		</div>
	);
}

/** Web addresses in a person's words become links. */
function linked(words: string): Child {
	return words.split(/(https?:\/\/[^\s<>"]*[^\s<>".,:;!?)\]])/).map((part, i) =>
		i % 2 ? (
			<a href={part} target="_blank" rel="noopener noreferrer">
				{part}
			</a>
		) : (
			part
		),
	);
}

/** What hangs on a message: its files, the change that it proposes, where its facts come from, what may help meanwhile. */
export function beside({ entry, shell }: Line): Child {
	const { card } = entry;
	const { client } = shell;
	const { used, related } = entry.answer ?? {};
	const id = `r${entry.seq}`;
	return [
		entry.files && attach()?.Files({ of: entry.files, client }),
		reached(entry, client),
		card && cards()?.Confirm({ entry, card, client }),
		used?.fields && <p class="rel">{fill(t.lookedUp, { what: used.title })}</p>,
		// No sources: nothing rests on them.
		related?.length && (
			<p class="rel" id={id}>
				{t.meanwhile}
			</p>
		),
		related?.length && (
			<ul class="srcs" aria-labelledby={id}>
				{related.map((a) => (
					<li>
						<button type="button" class="src" onclick={(e) => shell.open(a, 0, e.currentTarget)}>
							<Icon d={page} />
							<span dir="auto">{a.title}</span>
						</button>
					</li>
				))}
			</ul>
		),
	];
}

/** When it was heard that a message was read. */
const readAt = stateOf(() => ({ at: '' }));

/** How far the customer's last message got, while a person is to read it. */
function reached(e: Entry, client: Client): Child {
	const { mine, lastFrom, owner } = derive(client.log.entries);
	if (e.seq !== mine || lastFrom !== 'customer' || client.pending.length || owner === 'bot') return null;
	const heard = readAt(e);
	if (client.seen >= e.seq) heard.at ||= new Date().toISOString();
	return <Status icon={checks}>{heard.at ? fill(t.seen, { time: clock(heard.at) }) : t.delivered}</Status>;
}

/** A message of files alone is called by their names, which show with them. */
export const wordsOf = (e: Entry) => (e.files && e.text === e.files.map((f) => f.name).join(', ') ? '' : e.text);

/** Who is on the other side: what the header says, and what the composer asks for. */
export function now(client: Client): { face?: Child; name?: string; about?: string | undefined; hint: string } {
	const { owner, status, notice, closedSeq, agent: name, photo } = derive(client.log.entries);
	const { brand, opens_at } = client.face ?? {};
	const hint = name ? fill(t.writeTo, { name }) : t.writeToUs;
	if (status === 'closed') {
		const at = client.log.entries[closedSeq - 1]?.at ?? '';
		const about = fill(t.chatEnded, { time: clock(at) });
		return { ...(name && { face: <Face name={name} photo={photo} />, name }), about, hint: t.writeAgain };
	}
	if (owner === 'agent') return { face: <Face name={name} photo={photo} />, name, about: brand, hint };
	const waits = !notice || notice.kind === 'queued';
	return { about: waits ? t.inLine : opens_at ? fill(t.backShort, { time: due(opens_at) }) : t.noOne, hint: t.more };
}

/** A person's photo, or the first letters of the name. */
const Face = ({ name = '', photo }: { name?: string | undefined; photo?: string | undefined }) =>
	photo ? (
		<img class="face agent" src={`/v1/photos/${photo}`} alt="" />
	) : (
		<span class="face agent" aria-hidden="true">
			{name
				.split(/\s+/, 2)
				.map((w) => [...w][0])
				.join('')
				.toUpperCase()}
		</span>
	);

/** Between two "typing" frames, and how long one counts (protocol.TypingOn). */
const typingEvery = 3_000;
const typingFor = 5_000;
let lastTold = 0;

/** The customer is writing, and a person is there to know. */
export function writing({ connection, current }: Client): void {
	if (Date.now() - lastTold < typingEvery) return;
	lastTold = Date.now();
	connection.send({ t: 'typing', d: { conversation: current } });
}

/** When a frame was seen first; the window is drawn again when it counts no more. */
const heard = stateOf(() => {
	setTimeout(draw, typingFor + 50);
	return Date.now();
});

/** Somebody writes. */
export function typing(client: Client): Child {
	const { typing } = client.told;
	if (typing?.from.kind !== 'agent' || Date.now() - heard(typing) >= typingFor) return null;
	const name = typing.from.name || derive(client.log.entries).agent;
	return (
		<p class="dots">
			<span class="vh">{name ? fill(t.writing, { name }) : t.teamWriting}</span>
			<i />
			<i />
			<i />
		</p>
	);
}

/** What is asked of the customer, and what they wait for: below the log. */
export function ahead(shell: Shell): Child {
	const { client } = shell;
	const state = derive(client.log.entries);
	const { notice, email } = state;
	return [
		state.verify && cards()?.Verify({ client, email }),
		state.status === 'closed'
			? cards()?.Ended({ shell, state })
			: notice?.kind === 'queued'
				? Place(client)
				: notice?.ask_email && !email && cards()?.Contact({ client }),
	];
}
