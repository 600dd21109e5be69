import { useEffect } from 'react';
import { Link } from 'wouter';
import { useDesk, useMe } from '../../context';
import { clock, due, probability } from '../../format';
import { promiseText } from '../../promises';
import type { Citation, CustomerPromise, Deed, Entry, Feedback, File, Notice as NoticeBody } from '../../protocol';
import { useStore } from '../../state/store';
import { mentionsIn } from '../../state/talk';
import type { Pending } from '../../state/thread';
import { t } from '../../text';
import { Blocks } from '../../ui/Blocks';
import { Button } from '../../ui/Button';
import { Face, Tag } from '../../ui/parts';
import { Files, wordsOf } from './Files';
import { noticeWords, SystemLine } from './MoveLine';
import { isForeign, Translation } from './Translation';

interface EntryLineProps {
	entry: Entry;
	mine: boolean;
	/** What the console calls the customer. */
	customer: string;
	/** The customer's language, for messages whose own words do not tell theirs; '' when unknown. */
	language: string;
	/** What the customer said last of an answer. */
	word?: Feedback | undefined;
}

/** An entry by kind: words, a note, or a line of the system's. */
export function EntryLine({ entry, mine, customer, language, word }: EntryLineProps) {
	switch (entry.kind) {
		case 'note':
			return (
				<Note
					name={entry.from.name ?? ''}
					photo={entry.from.photo}
					at={entry.at}
					text={entry.deed ? deedWords(entry.deed) : (entry.text ?? '')}
					mentions={entry.mentions ?? []}
					files={entry.files}
				/>
			);
		case 'message':
			return entry.from.kind === 'bot' ? (
				<BotMessage entry={entry} word={word} />
			) : (
				<PersonMessage {...{ entry, mine, customer, language }} />
			);
		case 'notice':
			if (entry.notice?.kind === 'opener') return <Opener entry={entry} />;
			if (/^(mailed|transcript|undelivered)$/.test(entry.notice?.kind ?? '') && entry.notice)
				return <SystemLine icon="mail" at={entry.at} words={noticeWords(entry.notice)} />;
			return <SystemLine icon="receipt" at={entry.at} words={told(entry.notice)} />;
		case 'promise':
			return entry.promise ? <SystemLine icon="receipt" at={entry.at} words={promiseLine(entry.promise)} /> : null;
		case 'call':
			return entry.call ? (
				<SystemLine icon="table" at={entry.at} strong={entry.call.title} words={t(`call.${entry.call.state}`)} />
			) : null;
		case 'contact':
			return <SystemLine icon="mail" at={entry.at} words={t('log.contact', { email: entry.contact?.email ?? '' })} />;
		case 'rating':
			return <SystemLine icon="check" at={entry.at} words={rated(entry)} />;
		case 'transcript':
			return (
				<SystemLine
					icon="mail"
					at={entry.at}
					words={t(entry.from.kind === 'agent' ? 'log.transcriptSent' : 'log.transcript', { email: entry.text ?? '' })}
				/>
			);
		default:
			return null;
	}
}

/** What an agent did, in the words of whoever reads it, and then the agent's own. */
function deedWords({ kind, team, until, words }: Deed): string {
	const done =
		kind === 'passed'
			? team
				? t('deed.passed', { team })
				: t('deed.passedAll')
			: kind === 'snoozed'
				? t('deed.snoozed', { time: due(until ?? '', Date.now()) })
				: t('deed.declined');
	return words ? `${done}\n${words}` : done;
}

/** What the widget said by itself before the customer wrote. */
function Opener({ entry }: { entry: Entry }) {
	return (
		<article className="en">
			<Face name="" bot />
			<div className="en-in">
				<header className="en-head">
					<b>{t('bot.name')}</b>
					<Tag>{t('log.opener')}</Tag>
					<time dateTime={entry.at}>{clock(entry.at)}</time>
				</header>
				<Plain text={entry.text ?? ''} />
			</div>
		</article>
	);
}

function told(notice: NoticeBody | undefined): string {
	return notice ? t('log.told', { words: noticeWords(notice) }) : '';
}

/** What the customer's copy says, in one line. */
function promiseLine(promise: CustomerPromise): string {
	const { state, by } = promise;
	const text = promiseText(promise);
	if (state === 'kept' || state === 'withdrawn') return t(`promise.logState.${state}`, { text });
	const name = by.name || t('row.someone');
	return `${t('promise.log', { name, text, time: due(promise.due, Date.now()) })} (${promise.number})`;
}

function rated({ rating }: Entry): string {
	if (!rating) return '';
	const words = t(`log.scored.${rating.kind ?? 'csat'}`, { score: rating.score });
	return rating.comment ? t('log.scoredComment', { rated: words, comment: rating.comment }) : words;
}

function BotMessage({ entry, word }: { entry: Entry; word?: Feedback | undefined }) {
	const citations = entry.answer?.citations ?? [];
	const action = entry.answer?.action;
	return (
		<article className="en">
			<Face name="" bot />
			<div className="en-in">
				<header className="en-head">
					<b>{t('bot.name')}</b>
					<Tag tone="bot">{t('bot.label')}</Tag>
					<time dateTime={entry.at}>{clock(entry.at)}</time>
				</header>
				<div className="prose" dir="auto">
					{entry.blocks?.length ? (
						<Blocks blocks={entry.blocks} under={3} cite={(n) => <Cite n={n} citations={citations} />} />
					) : (
						<Plain text={entry.text ?? ''} />
					)}
				</div>
				<Used entry={entry} />
				{(entry.answer?.choices ?? []).length > 0 && (
					<ul className="choices">
						{entry.answer?.choices?.map((choice) => (
							<li key={choice.label}>
								<Tag tone="line">{choice.label}</Tag>
							</li>
						))}
					</ul>
				)}
				<Sources citations={citations} confidence={action === 'answer' ? entry.answer?.confidence : undefined} />
				{word && <Word word={word} />}
			</div>
		</article>
	);
}

/** What the customer said of an answer. */
function Word({ word: { helpful, reason, comment } }: { word: Feedback }) {
	const no = reason ? t('word.not.why', { reason: t(`reason.${reason}`) }) : t('word.not');
	return (
		<p className="word">
			<span className="sr">{t('word.label')}: </span>
			<Tag tone={helpful ? 'ok' : 'bad'}>{helpful ? t('word.helped') : no}</Tag>
			{comment && <span dir="auto">{t('word.comment', { comment })}</span>}
		</p>
	);
}

/** The action of the shop that a message rests on, or proposes, with its arguments. */
function Used({ entry }: { entry: Entry }) {
	const used = entry.answer?.used;
	if (!used?.call) return null;
	const words = [used.title, ...(used.args ?? []).map((a) => `${a.label} ${a.value}`)].join(', ');
	return <p className="used">{t(entry.card ? 'log.proposed' : 'log.used', { words })}</p>;
}

function PersonMessage({ entry, mine, customer, language }: EntryLineProps) {
	const asks = entry.from.kind === 'customer';
	const name = entry.from.name || (asks && customer) || t(asks ? 'log.customer' : 'row.someone');
	return (
		<article className={`en${asks ? ' en-customer' : ''}`}>
			<Face name={name} photo={entry.from.photo} />
			<div className="en-in">
				<header className="en-head">
					<b className="cut">{name}</b>
					{mine && <Tag tone="agent">{t('log.you')}</Tag>}
					<time dateTime={entry.at}>{clock(entry.at)}</time>
				</header>
				<div className="en-words" dir="auto">
					{entry.blocks?.length ? (
						<Blocks blocks={entry.blocks} under={3} />
					) : (
						<Plain text={wordsOf(entry.text ?? '', entry.files)} />
					)}
				</div>
				<Files files={entry.files} />
				{asks && isForeign(entry.locale ?? language) && entry.text && (
					<Translation conversation={entry.conversation} text={entry.text} />
				)}
				<Sources citations={entry.sources ?? []} />
			</div>
		</article>
	);
}

interface NoteProps {
	name: string;
	photo?: string | undefined;
	at: string | number;
	text: string;
	mentions?: string[];
	files: File[] | undefined;
	state?: string;
}

function Note({ name, photo, at, text, mentions = [], files, state }: NoteProps) {
	return (
		<article className="en">
			<Face name={name} photo={photo} />
			<div className="note">
				<header className="en-head">
					<b className="cut">{name}</b>
					<span>{t('log.note')}</span>
					<time dateTime={new Date(at).toISOString()}>{clock(at)}</time>
					{state && <span>{state}</span>}
				</header>
				<div dir="auto">
					{mentions.length > 0 ? <Mentioning text={text} mentions={mentions} /> : <Plain text={wordsOf(text, files)} />}
				</div>
				<Files files={files} />
			</div>
		</article>
	);
}

/** A note with the names of those whom it mentions set off; one's own stands out. */
function Mentioning({ text, mentions }: { text: string; mentions: string[] }) {
	const { talk } = useDesk();
	const { user } = useMe();
	const people = useStore(talk.people);
	useEffect(() => void talk.loadPeople().catch(() => undefined), [talk]);
	const names = (people ?? []).filter((each) => mentions.includes(each.id)).map((each) => each.name);
	let at = 0;
	const parts = mentionsIn(text, names).flatMap(({ start, end }) => {
		const before = text.slice(at, start);
		at = end;
		const mine = text.slice(start + 1, end) === user.name;
		return [
			before,
			<b key={start} className={`mention${mine ? ' mine' : ''}`}>
				{text.slice(start, end)}
			</b>,
		];
	});
	return (
		<p className="plain">
			{parts}
			{text.slice(at)}
		</p>
	);
}

function Plain({ text }: { text: string }) {
	return text === '' ? null : <p className="plain">{text}</p>;
}

function Cite({ n, citations }: { n: number; citations: Citation[] }) {
	const cited = citations.find((c) => c.n === n);
	if (!cited) return <span className="cite">{n}</span>;
	return (
		<Link to={`/knowledge/${cited.article}`} className="cite" aria-label={t('cite.label', { n })} title={cited.title}>
			{n}
		</Link>
	);
}

function Sources({ citations, confidence }: { citations: Citation[]; confidence?: number }) {
	if (citations.length === 0) return null;
	return (
		<ul className="sources" aria-label={t('cite.sources')}>
			{citations.map((cited) => (
				<li key={cited.n}>
					<Link to={`/knowledge/${cited.article}`} className="source">
						<span className="cite">{cited.n}</span>
						<span>{cited.title}</span>
						<span className="num">v{cited.number}</span>
					</Link>
				</li>
			))}
			{confidence !== undefined && (
				<li className="sources-end num">{t('bot.confidence', { value: probability(confidence) })}</li>
			)}
		</ul>
	);
}

/** What is on its way, or was refused: then with the reason and what to do. */
export function PendingLine({ pending, conversation }: { pending: Pending; conversation: string }) {
	const desk = useDesk();
	const { name } = useMe().user;
	const refused = pending.refused !== undefined;
	const state = refused ? undefined : t('log.sending');
	return (
		<div className={`pending${refused ? ' refused' : ''}`}>
			{pending.note ? (
				<Note name={name} at={pending.at} text={pending.text} files={pending.files} state={state} />
			) : (
				<article className="en">
					<Face name={name} />
					<div className="en-in">
						<header className="en-head">
							<b className="cut">{name}</b>
							<Tag tone="agent">{t('log.you')}</Tag>
							{state && <span>{state}</span>}
						</header>
						<div className="en-words">
							<Plain text={pending.text} />
						</div>
						<Files files={pending.files} />
					</div>
				</article>
			)}
			{refused && (
				<div className="refusal" role="alert">
					<span>{t('log.refused', { reason: pending.refused ?? '' })}</span>
					<Button kind="quiet" onPress={() => desk.sendAgain(conversation, pending.clientId)}>
						{t('log.again')}
					</Button>
					<Button kind="quiet" onPress={() => desk.giveUp(conversation, pending.clientId)}>
						{t('log.discard')}
					</Button>
				</div>
			)}
		</div>
	);
}
