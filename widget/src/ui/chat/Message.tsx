// One line of the log.

import type { ComponentChildren } from 'preact';
import { type Client, tooLong } from '../../core/client';
import type { Item } from '../../core/outbox';
import { derive } from '../../core/state';
import type { Citation, Entry } from '../../protocol';
import * as text from '../../text/chat';
import { clock, day } from '../../text/time';
import { person } from '../../text/window';
import type { OpenSource } from '../App';
import { Icon, right } from '../Icon';
import { Lazy } from '../Lazy';
import { Face } from '../parts';
import { Blocks, type Cite } from './Blocks';
import { AI } from './Header';
import { alert, checks, clock as clockIcon, page } from './icons';

const files = () => import('../files/pane-files');
const confirm = () => import('../confirm/pane-confirm');
const promise = () => import('../promise/pane-promise');

interface Props {
	entry: Entry;
	before: Entry | undefined;
	client: Client;
	openSource: OpenSource;
}

export function Message(props: Props) {
	const { entry, before } = props;
	const newDay = !before || new Date(before.at).toDateString() !== new Date(entry.at).toDateString();
	return (
		<>
			{newDay && <p class="day">{`${day(entry.at)}, ${clock(entry.at)}`}</p>}
			{body({ ...props, before: newDay ? undefined : before })}
		</>
	);
}

function body({ entry: e, before, client, openSource }: Props): ComponentChildren {
	const cite: Cite = (n, from) => {
		const cited = e.answer?.citations ?? e.sources ?? [];
		const one = cited.find((c) => c.n === n);
		if (one) openSource(one, cited.length, from);
	};
	switch (e.kind) {
		case 'message':
			if (e.from.kind === 'customer')
				return (
					<Mine words={wordsOf(e)}>
						<Files entry={e} client={client} />
						{receipt(e, client)}
					</Mine>
				);
			if (e.from.kind === 'agent')
				return (
					<Agent
						entry={e}
						client={client}
						cite={cite}
						first={before?.from.kind !== 'agent' || before.kind !== 'message'}
					/>
				);
			return <Bot entry={e} client={client} cite={cite} openSource={openSource} />;
		case 'owner':
			return line(moved(e));
		case 'promise':
			// What became of it shows on the card that it had when it was made.
			return e.promise?.state === 'open' ? <Lazy load={promise} props={{ entry: e, client }} /> : null;
		case 'notice':
			return noticed(e, client);
		case 'contact':
			return line(e.contact && text.leftEmail(e.contact.email));
		case 'rating':
			return line(e.rating && text.rated(e.rating.score));
	}
	return null;
}

/** The system's words. With an address or a broken promise the customer gets the receipt beside them. */
function noticed(e: Entry, client: Client): ComponentChildren {
	const kind = e.notice?.kind;
	if (kind === 'verified') return line(text.confirmed(e.notice?.email ?? ''));
	if (kind === 'mailed') return line(text.mailed(e.notice?.email ?? ''));
	const card = (kind === 'promise' || kind === 'overdue') && (e.promise?.state !== 'broken' || kind === 'promise');
	return (
		<>
			{(kind === 'offline' || kind === 'overdue' || kind === 'verify') && (
				<p class="say" dir="auto">
					{e.text}
				</p>
			)}
			{card && <Lazy load={promise} props={{ entry: e, client }} />}
		</>
	);
}

const line = (words: string | undefined) =>
	words && (
		<p class="sys">
			<span>{words}</span>
		</p>
	);

function moved(e: Entry): string | undefined {
	const c = e.change;
	const time = clock(e.at);
	if (!c) return;
	if (c.status === 'closed') return text.closed(time, e.from.kind === 'agent' ? e.from.name || c.name || '' : '');
	if (c.reason === 'reopened') return text.reopened(time);
	if (c.to === 'agent') return text.joined(time, c.name ?? '');
	if (c.to === 'bot') return text.botBack(time);
}

/** The customer's own words. Kids say how far they got. */
export function Mine({
	words,
	waits,
	children,
}: {
	words: string | undefined;
	waits?: boolean;
	children?: ComponentChildren;
}) {
	return (
		<div class={waits ? 'me wait' : 'me'}>
			<span class="vh">{text.you}</span>
			{words && (
				<p class="b" dir="auto">
					{words}
				</p>
			)}
			{children}
		</div>
	);
}

/** A message of files alone is called by their names, which show with them. */
const wordsOf = (e: Entry) => (e.files && e.text === e.files.map((f) => f.name).join(', ') ? '' : e.text);

const Files = ({ entry, client }: { entry: Entry; client: Client }) =>
	entry.files ? <Lazy load={files} props={{ of: entry.files, client }} /> : null;

function receipt(e: Entry, client: Client) {
	const { seen } = client;
	const state = derive(client.log.entries);
	if (e.seq !== state.mine || state.lastFrom !== 'customer' || client.pending.length) return null;
	if (state.owner === 'bot') return null;
	return <Status icon={checks}>{seen >= e.seq ? text.seen : text.delivered}</Status>;
}

export function Status({ icon, children }: { icon: string; children: ComponentChildren }) {
	return (
		<p class="st">
			{children} <Icon d={icon} />
		</p>
	);
}

/** What is on its way. */
export function Pending({ item, client }: { item: Item; client: Client }) {
	const { frame, failed, stored } = item;
	const id = frame.d.client_id;
	const words = frame.t === 'send' ? frame.d.text : person;
	const up = client.connection.phase === 'up';
	// The others show where they were made.
	if (frame.t !== 'send' && (frame.t !== 'request_person' || (up && !failed))) return null;
	if (failed)
		return (
			<Mine words={words} waits>
				<div class="st bad" role="alert">
					<Icon d={alert} />{' '}
					<span>
						{text.notSent} {failed === tooLong ? text.tooLong : failed}
					</span>
				</div>
				<p class="st">
					<button type="button" class="quiet" onClick={() => client.retry(id)}>
						{text.tryAgain}
					</button>
					<button type="button" class="quiet" onClick={() => client.discard(id)}>
						{text.discard}
					</button>
				</p>
			</Mine>
		);
	return (
		<Mine words={words} waits={!up}>
			{!stored && <Status icon={clockIcon}>{up ? text.sending : text.waiting}</Status>}
		</Mine>
	);
}

function Agent({ entry, client, first, cite }: { entry: Entry; client: Client; first: boolean; cite: Cite }) {
	const words = wordsOf(entry);
	return (
		<div class={first ? 'ag' : 'ag next'}>
			{first && (
				<p class="by">
					<Face name={entry.from.name} /> <b>{entry.from.name}</b> <time dateTime={entry.at}>{clock(entry.at)}</time>
				</p>
			)}
			{words && (
				<div class="b" dir="auto">
					{entry.blocks?.length ? <Blocks blocks={entry.blocks} /> : <p>{linked(words)}</p>}
				</div>
			)}
			<Files entry={entry} client={client} />
			<Sources of={entry.sources} cite={cite} />
		</div>
	);
}

/** Web addresses in a person's words become links. */
function linked(words: string): ComponentChildren {
	return words.split(/(https?:\/\/[^\s<>"]*[^\s<>".,:;!?)\]])/).map((part, i) =>
		i % 2 ? (
			<a key={part} href={part} target="_blank" rel="noopener noreferrer">
				{part}
			</a>
		) : (
			part
		),
	);
}

/** Who speaks: to the eye the mark and a tag, to the ear one phrase. */
export function BotLine({ client, at }: { client: Client; at?: string | undefined }) {
	return (
		<p class="by">
			<span class="vh">{text.aiAssistant}</span>
			<span class="who" aria-hidden="true">
				<Face /> <b>{client.face?.bot || text.assistant}</b> <AI />
			</span>
			{at && <time dateTime={at}>{clock(at)}</time>}
		</p>
	);
}

/** The articles that a message rests on: one opens inside the widget. */
function Sources({ of, cite }: { of: Citation[] | undefined; cite: Cite }) {
	if (!of?.length) return null;
	return (
		<ul class="srcs" aria-label={text.sources(of.length)}>
			{of.map((c) => (
				<li key={c.n}>
					<button type="button" class="src" onClick={(ev) => cite(c.n, ev.currentTarget)}>
						<span class="cite" aria-hidden="true">
							{c.n}
						</span>
						<span class="vh">{text.source(c.n)}: </span>
						<span dir="auto">{c.title}</span>
					</button>
				</li>
			))}
		</ul>
	);
}

/** What may help while a person comes: no sources, as nothing rests on them. */
function RelatedArticles({ entry, openSource }: { entry: Entry; openSource: OpenSource }) {
	const related = entry.answer?.related;
	if (!related?.length) return null;
	const id = `r${entry.seq}`;
	return (
		<>
			<p class="rel" id={id}>
				{text.meanwhile}
			</p>
			<ul class="srcs" aria-labelledby={id}>
				{related.map((a) => (
					<li key={a.article}>
						<button type="button" class="src" onClick={(ev) => openSource(a, 0, ev.currentTarget)}>
							<Icon d={page} />
							<span dir="auto">{a.title}</span>
						</button>
					</li>
				))}
			</ul>
		</>
	);
}

type BotProps = Omit<Props, 'before'> & { cite: Cite };

function Bot({ entry, client, cite, openSource }: BotProps) {
	const { citations, choices, used } = entry.answer ?? {};
	const open =
		derive(client.log.entries).owner === 'bot' && client.log.entries.at(-1) === entry && !client.pending.length;
	return (
		<div class="bt" id={`m${entry.seq}`} style={client.drafted?.has(entry.answer?.turn) ? 'animation:none' : ''}>
			<BotLine client={client} at={entry.at} />
			<div class="page" dir="auto">
				{entry.blocks?.length ? <Blocks blocks={entry.blocks} cite={cite} /> : <p>{entry.text}</p>}
			</div>
			{entry.card && <Lazy load={confirm} props={{ entry, card: entry.card, client }} />}
			{used?.fields && <p class="rel">{text.lookedUp(used.title)}</p>}
			<Sources of={citations} cite={cite} />
			<RelatedArticles entry={entry} openSource={openSource} />
			{open && choices?.length ? (
				<div class="choices">
					{choices.map((c) => (
						<button type="button" class="choice" key={c.label} onClick={() => client.send(c.text)}>
							<span dir="auto">{c.label}</span>
							<Icon d={right} />
						</button>
					))}
				</div>
			) : null}
		</div>
	);
}
