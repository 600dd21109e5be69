// After the end: a rating, the conversation by e-mail, and the way to a new chat.

import type { RatingKind } from '../../protocol';
import { fill, t } from '../../text/words';
import { draw, stateOf } from '../draw';
import type { Shell } from '../parts';
import type { State } from '../people/state';
import { adopt } from '../sheet';
import css from './ended.css?inline';
import { Transcript } from './Transcript';

adopt(css);

/** What the customer did with the form of a conversation, on this page. */
interface Rating {
	score: number | undefined;
	comment: string;
	skipped: boolean;
	/** It was rated, and is to be changed. */
	again: boolean;
	/** The form for the address of the conversation is open. */
	mail?: object | undefined;
}

const ratings = stateOf(() => new Map<string, Rating>());

interface Props {
	shell: Shell;
	state: State;
}

export function Ended({ shell, state }: Props) {
	const { client } = shell;
	const { rated } = state;
	const sent = client.pending.find((i) => i.frame.t === 'rate');
	const all = ratings(client);
	const { current, face } = client;
	const rating = all.get(current) ?? { score: undefined, comment: '', skipped: false, again: false };
	all.set(current, rating);
	const set = (change: Partial<Rating>) => {
		Object.assign(rating, change);
		draw();
	};
	const leave = () => {
		shell.home();
		// This button goes with its view.
		requestAnimationFrame(() => document.querySelector('h1')?.focus());
	};
	// One that was refused when its form was gone comes back with it.
	const mail = rating.mail ?? client.pending.find((i) => i.frame.t === 'transcript' && i.failed);
	const asks = !face?.survey?.off && !sent;
	const card = asks && !rating.skipped && (!rated || rating.again);
	return (
		<>
			{card && <RatingCard {...{ shell, state, rating, set }} />}
			{sent && (
				<p class="sys" role="status">
					<span class={sent.failed ? 'bad' : ''}>{sent.failed ?? t.sending}</span>
					{sent.failed && (
						<button type="button" class="quiet" onclick={() => client.retry(sent.frame.d.client_id)}>
							{t.tryAgain}
						</button>
					)}
				</p>
			)}
			{asks && !card && (
				<button type="button" class="quiet" id="rate-again" onclick={() => set({ again: true, skipped: false })}>
					{rated ? t.rateChange : t.rateUs}
				</button>
			)}
			{mail && (
				<Transcript
					client={client}
					of={mail}
					known={state.email}
					close={() => {
						set({ mail: undefined });
						queueMicrotask(() => document.getElementById('mail-chat')?.focus());
					}}
				/>
			)}
			{face?.transcript && !mail && (
				<button type="button" class="btn" id="mail-chat" onclick={() => set({ mail: {} })}>
					{t.mailChat}
				</button>
			)}
			<button type="button" class="btn" onclick={leave}>
				{t.newChat}
			</button>
		</>
	);
}

/** What is asked, and the words at the ends of the scale. */
function questionOf(kind: RatingKind, { shell, state }: Props) {
	const { survey, brand = '' } = shell.client.face ?? {};
	const { agent: name } = state;
	const own = {
		csat: { low: t.poor, high: t.great, question: name ? fill(t.rateWho, { name }) : t.rateUs },
		ces: { low: t.hard, high: t.easy, question: t.rateEase },
		nps: { low: t.unlikely, high: t.likely, question: fill(t.rateLikely, { brand }) },
	}[kind];
	return {
		question: survey?.question || own.question,
		low: survey?.low || own.low,
		high: survey?.high || own.high,
		goesTo: name ? fill(t.rateGoesTo, { name }) : t.rateGoesToUs,
	};
}

const scales = { csat: [1, 5], ces: [1, 7], nps: [0, 10] } as const;

function RatingCard({ shell, state, rating, set }: Props & { rating: Rating; set: (change: Partial<Rating>) => void }) {
	const { client } = shell;
	const kind = client.face?.survey?.kind ?? 'csat';
	const [first, last] = scales[kind];
	const { question, low, high, goesTo } = questionOf(kind, { shell, state });
	const { score, comment } = rating;
	const done = (change: Partial<Rating>) => {
		set({ again: false, ...change });
		// The form goes, and what had focus with it.
		queueMicrotask(() => document.getElementById('rate-again')?.focus());
	};
	const numbers = Array.from({ length: last - first + 1 }, (_, i) => first + i);
	return (
		<form
			class="card form"
			onsubmit={(e) => {
				e.preventDefault();
				if (score === undefined) return;
				client.act('rate', { kind, score, comment: comment.trim() });
				done({});
			}}
		>
			<fieldset aria-describedby="goes-to">
				<legend dir="auto">{question}</legend>
				<p id="goes-to">{goesTo}</p>
				<div class={`scores ${kind}`}>
					{numbers.map((n) => (
						<label>
							<input
								type="radio"
								name="score"
								value={`${n}`}
								checked={score === n}
								onchange={() => set({ score: n })}
							/>
							<span>
								<span aria-hidden="true">{n}</span>
								<span class="vh">
									{[fill(t.score, { n, of: last }), n === first && low, n === last && high].filter(Boolean).join(', ')}
								</span>
							</span>
						</label>
					))}
				</div>
				<p class="ends" aria-hidden="true">
					<span dir="auto">{low}</span>
					<span dir="auto">{high}</span>
				</p>
			</fieldset>
			<textarea
				aria-label={t.comment}
				placeholder={t.comment}
				rows={2}
				maxLength={2000}
				dir={comment ? 'auto' : null}
				value={comment}
				oninput={(e) => set({ comment: e.currentTarget.value })}
			/>
			<div class="two">
				<button type="submit" class="btn primary" disabled={score === undefined}>
					{t.rate}
				</button>
				<button type="button" class="btn" onclick={() => done({ skipped: true })}>
					{t.skip}
				</button>
			</div>
		</form>
	);
}
