// The cards at the end of a conversation: who the customer is, place in line, e-mail form, rating. Loaded when the first
// is needed.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { Client } from '../../core/client';
import { derive } from '../../core/state';
import * as text from '../../text/person';
import { adopt } from '../chat/sheet';
import { problem } from './address';
import css from './cards.css?inline';
import { Verify } from './Verify';

adopt(css);

export default function Cards({ client, home }: { client: Client; home: () => void }) {
	const state = derive(client.log.entries);
	return (
		<>
			{state.verify && <Verify client={client} />}
			<Person client={client} home={home} />
		</>
	);
}

function Person({ client, home }: { client: Client; home: () => void }) {
	const state = derive(client.log.entries);
	if (state.status === 'closed') return <Ended client={client} home={home} />;
	if (state.notice?.kind === 'queued') return <Place client={client} />;
	if (state.notice?.ask_email && !state.email)
		return (
			<div class="card">
				<EmailForm client={client} />
			</div>
		);
	return null;
}

function Place({ client }: { client: Client }) {
	const { queue } = client;
	const state = derive(client.log.entries);
	const at = queue?.place
		? queue
		: {
				place: state.notice?.place ?? 0,
				min_minutes: state.notice?.min_minutes,
				max_minutes: state.notice?.max_minutes,
			};
	const [asks, setAsks] = useState(false);
	const from = at.min_minutes ?? 0;
	const to = at.max_minutes ?? 0;
	return (
		<div class="card">
			{/* Announced on a change of place only. */}
			<div role="status">
				<h2>{at.place > 1 ? text.place(at.place) : text.next}</h2>
			</div>
			{to > 0 && <p>{text.range(from, to)}</p>}
			{to > 0 && <Elapsed since={state.queuedAt} from={from} to={to} />}
			{state.email ? (
				<p>
					{text.keepMail[0]}
					<b>{state.email}</b>
					{text.keepMail[1]}
				</p>
			) : (
				<p>{text.keep}</p>
			)}
			{!state.email &&
				(asks ? (
					<EmailForm client={client} />
				) : (
					<button type="button" class="foot" onClick={() => setAsks(true)}>
						{text.byMail}
					</button>
				))}
		</div>
	);
}

/** The wait so far beside the usual range. Where the ends stand is set by CSSOM: the page allows no inline style. */
function Elapsed({ since, from, to }: { since: string; from: number; to: number }) {
	const [now, setNow] = useState(Date.now());
	useEffect(() => {
		const timer = setInterval(() => setNow(Date.now()), 15_000);
		return () => clearInterval(timer);
	}, []);
	const gone = Math.max(0, Math.floor((now - Date.parse(since)) / 60_000)) || 0;
	const whole = Math.max(to * 1.33, gone * 1.1);
	const at = (minutes: number) => `${(100 * minutes) / whole}%`;
	return (
		<div class="pos" role="img" aria-label={text.soFar(gone)}>
			<div class="tr">
				<i
					class="rng"
					style={{ insetInlineStart: at(from === to ? 0 : from), width: at(from === to ? to : to - from) }}
				/>
				<i class="el" style={{ width: at(Math.max(gone, whole / 50)) }} />
			</div>
			<div class="lb">
				<span>{text.soFar(gone)}</span>
				{gone < to / 2 && (
					<span class="end" style={{ insetInlineStart: at(to) }}>
						{text.minutes(to)}
					</span>
				)}
			</div>
		</div>
	);
}

function EmailForm({ client }: { client: Client }) {
	const sent = client.pending.find((i) => i.frame.t === 'contact');
	const [email, setEmail] = useState('');
	const [wrong, setWrong] = useState('');
	const field = useRef<HTMLInputElement>(null);
	const error = wrong || sent?.failed;
	const leave = () => {
		if (sent) client.discard(sent.frame.d.client_id);
		client.act('contact', { email: email.trim() });
	};
	const check = () => {
		const words = problem(email.trim());
		setWrong(words);
		return !words;
	};
	return (
		<form
			class="form"
			noValidate
			onSubmit={(e) => {
				e.preventDefault();
				if (check()) leave();
				else field.current?.focus();
			}}
		>
			<label for="email">{text.email}</label>
			<input
				ref={field}
				id="email"
				type="email"
				autocomplete="email"
				maxLength={254}
				value={email}
				aria-invalid={error ? 'true' : undefined}
				aria-describedby={error ? 'email-error' : 'email-use'}
				onInput={(e) => {
					setEmail(e.currentTarget.value);
					setWrong('');
					if (sent?.failed) client.discard(sent.frame.d.client_id);
				}}
				onBlur={() => email && check()}
			/>
			{error && (
				<p class="bad" id="email-error" role="alert">
					{error}
				</p>
			)}
			<button type="submit" class="btn primary" disabled={!!sent && !sent.failed}>
				{sent && !sent.failed ? (client.connection.phase === 'up' ? text.sending : text.waiting) : text.emailSend}
			</button>
			<p class="hint" id="email-use">
				{text.emailUse}
			</p>
		</form>
	);
}

/** How far a rating got, by conversation: skipping is remembered for this page. */
const skipped = new Set<string>();

function Ended({ client, home }: { client: Client; home: () => void }) {
	const state = derive(client.log.entries);
	const sent = client.pending.find((i) => i.frame.t === 'rate');
	const [skip, setSkip] = useState(skipped.has(client.current));
	const leave = () => {
		home();
		// This button goes with its view.
		requestAnimationFrame(() => document.querySelector('h1')?.focus());
	};
	const asks = state.agent && !state.rated && !skip && !sent;
	return (
		<>
			{asks && (
				<RatingCard
					client={client}
					skip={() => {
						skipped.add(client.current);
						setSkip(true);
					}}
				/>
			)}
			{sent && (
				<p class="sys">
					<span>{sent.failed ?? text.sending}</span>
				</p>
			)}
			<button type="button" class="btn" onClick={leave}>
				{text.fresh}
			</button>
		</>
	);
}

function RatingCard({ client, skip }: { client: Client; skip: () => void }) {
	const { agent } = derive(client.log.entries);
	const [score, setScore] = useState(0);
	const [comment, setComment] = useState('');
	return (
		<form
			class="card form"
			onSubmit={(e) => {
				e.preventDefault();
				if (score) client.act('rate', { score, comment: comment.trim() });
			}}
		>
			<fieldset aria-describedby="goes-to">
				<legend>{text.how(agent)}</legend>
				<p id="goes-to">{text.goesTo(agent)}</p>
				<div class="scores">
					{[1, 2, 3, 4, 5].map((n) => (
						<label key={n}>
							<input type="radio" name="score" value={n} checked={score === n} onChange={() => setScore(n)} />
							<span>
								<span aria-hidden="true">{n}</span>
								<span class="vh">{ends(n)}</span>
							</span>
						</label>
					))}
				</div>
				<p class="ends" aria-hidden="true">
					<span>{text.poor}</span>
					<span>{text.great}</span>
				</p>
			</fieldset>
			<textarea
				aria-label={text.comment}
				placeholder={text.comment}
				rows={2}
				maxLength={2000}
				dir="auto"
				value={comment}
				onInput={(e) => setComment(e.currentTarget.value)}
			/>
			<div class="two">
				<button type="submit" class="btn primary" disabled={!score}>
					{text.rate}
				</button>
				<button type="button" class="btn" onClick={skip}>
					{text.skip}
				</button>
			</div>
		</form>
	);
}

function ends(n: number): string {
	return [text.score(n), n === 1 && text.poor, n === 5 && text.great].filter(Boolean).join(', ');
}
