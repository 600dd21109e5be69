// Whether an answer helped: two thumbs below it, and after a "no" the reasons, the way to a person, and room for words.
// The last word counts. Loaded with the first question.

import type { Client } from '../../core/client';
import type { Item } from '../../core/outbox';
import type { Entry, FeedbackReason } from '../../protocol';
import { t } from '../../text/words';
import type { Child } from '../../vnode';
import { after, draw, stateOf } from '../draw';
import { Icon } from '../Icon';
import type { Line } from '../Message';
import { adopt } from '../sheet';
import css from './feedback.css?inline';

adopt(css);

/** Thumbs up; upside down it is the other one. */
const up =
	'M6.5 9v7.5h-3V9zM6.5 9.4 9.8 3.5c1.2 0 2 .9 1.8 2.1L11.2 8h4c1 0 1.6.9 1.4 1.8l-1 5.2c-.2.9-.9 1.5-1.8 1.5H6.5';

interface Word {
	helpful: boolean;
	reason?: FeedbackReason;
	comment?: string;
}

type Sent = Item & { frame: { t: 'feedback'; d: Word } };

/** What the customer does with one answer, on this page. */
interface Doing {
	/** The reasons are shown. */
	open: boolean;
	/** A word was said here: it is thanked for. */
	said: boolean;
	comment: string;
}

const doingOf = stateOf((): Doing => ({ open: false, said: false, comment: '' }));

/** The last words of a log on its answers, by the answer's number. Logs are not changed in place. */
const wordsOf = stateOf(() => new Map<number, Word>());
let read: Entry[] = [];

function lastWords(log: Entry[]): Map<number, Word> {
	const words = wordsOf(log);
	if (read !== log) for (const { feedback } of log) if (feedback) words.set(feedback.seq, feedback);
	read = log;
	return words;
}

const sentOn = (client: Client, seq: number) =>
	client.pending.findLast((i): i is Sent & Item => i.frame.t === 'feedback' && i.frame.d.seq === seq);

const isAnswer = (e: Entry) => e.answer?.action === 'answer';

/** What this pane draws below an answer is drawn from: while it is the same, so is that. Not "" where there is something. */
export const of = (e: Entry, client: Client): string =>
	isAnswer(e)
		? JSON.stringify([
				lastWords(client.log.entries).get(e.seq),
				sentOn(client, e.seq),
				doingOf(e),
				client.connection.phase,
				client.state.atBot,
				client.asked,
			])
		: `${e.answer?.choices?.length ?? ''}`;

export function Thumbs({ entry, shell }: Line): Child {
	if (!isAnswer(entry)) return null;
	const { client } = shell;
	const { seq } = entry;
	const doing = doingOf(entry);
	const sent = sentOn(client, seq);
	const id = `fb${seq}`;
	const word: Word | undefined = sent?.frame.d ?? lastWords(client.log.entries).get(seq);
	const say = (now: Word) => {
		if (sent?.failed) client.discard(sent.frame.d.client_id);
		doing.said = true;
		// What is asked next comes below, where the log may end.
		if (doing.open) after(() => document.getElementById(id)?.closest('.fb')?.scrollIntoView({ block: 'nearest' }));
		client.act('feedback', { seq, ...now });
	};
	const choose = (helpful: boolean) => {
		doing.open = !helpful && !(doing.open && word?.helpful === false);
		if (word?.helpful !== helpful) say({ helpful });
		draw();
	};
	const thumb = (helpful: boolean) => (
		<button
			type="button"
			class={helpful ? 'icon thumb' : 'icon thumb no'}
			id={helpful ? null : id}
			aria-label={helpful ? t.helped : t.notHelped}
			aria-pressed={`${word?.helpful === helpful}`}
			aria-expanded={helpful ? null : `${doing.open}`}
			onclick={() => choose(helpful)}
		>
			<Icon d={up} />
		</button>
	);
	const close = () => {
		doing.open = false;
		draw();
		document.getElementById(id)?.focus();
	};
	return (
		// The log is read aloud; what is asked about an answer is not part of it.
		<div class="fb" aria-live="off">
			<fieldset class="by thumbs" aria-label={t.helpful}>
				<span aria-hidden="true">{t.helpful}</span>
				{thumb(true)}
				{thumb(false)}
				<span role="status">{status(client, sent, doing, word)}</span>
				{sent?.failed && (
					<button type="button" class="quiet" onclick={() => client.retry(sent.frame.d.client_id)}>
						{t.tryAgain}
					</button>
				)}
			</fieldset>
			{doing.open && word && <Why {...{ client, doing, word, say, close }} />}
		</div>
	);
}

function status(client: Client, sent: Sent | undefined, doing: Doing, word: Word | undefined): Child {
	if (sent?.failed) return <span class="bad">{sent.failed}</span>;
	if (sent) return client.connection.phase === 'up' ? t.sending : t.waiting;
	if (!doing.said || !word) return null;
	return word.helpful ? t.thanks : doing.open ? t.whyNot : t.whyGoesTo;
}

interface WhyProps {
	client: Client;
	doing: Doing;
	word: Word;
	say: (w: Word) => void;
	close: () => void;
}

/** What was wrong, and what may help now. */
function Why({ client, doing, word, say, close }: WhyProps) {
	const { reason = '' } = word;
	const reasons: [FeedbackReason, string][] = [
		['not_what_i_asked', t.whyOffTopic],
		['unclear', t.whyUnclear],
		['outdated', t.whyOutdated],
		['wrong', t.whyWrong],
		['other', t.whyOther],
	];
	const submit = (e: Event) => {
		e.preventDefault();
		const comment = doing.comment.trim();
		if (comment) say({ helpful: false, ...(reason && { reason }), comment });
		doing.comment = '';
		close();
	};
	return (
		<form class="why" onsubmit={submit}>
			<fieldset class="reasons" aria-label={t.whyNot}>
				{reasons.map(([value, words]) => (
					<button
						type="button"
						class="btn"
						aria-pressed={`${reason === value}`}
						onclick={() => say({ helpful: false, reason: value })}
					>
						{words}
					</button>
				))}
			</fieldset>
			{reason && (
				<textarea
					aria-label={t.whyMore}
					placeholder={t.whyMore}
					rows={2}
					maxLength={2000}
					dir={doing.comment ? 'auto' : null}
					value={doing.comment}
					oninput={(e) => {
						doing.comment = e.currentTarget.value;
						draw();
					}}
				/>
			)}
			<div class="row">
				{reason && (
					<button type="submit" class="btn primary" disabled={!doing.comment.trim()}>
						{t.send}
					</button>
				)}
				{client.state.atBot && !client.asked && (
					<button
						type="button"
						class="btn"
						onclick={() => {
							client.askPerson();
							close();
						}}
					>
						{t.person}
					</button>
				)}
				<button type="button" class="btn" onclick={close}>
					{t.skip}
				</button>
			</div>
		</form>
	);
}
