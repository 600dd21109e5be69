// After the end: a rating, and the way to a new chat.

import { fill, t } from '../../text/words';
import { draw, stateOf } from '../draw';
import { adopt as adoptForm } from '../form/sheet';
import type { Shell } from '../parts';
import type { State } from '../people/state';
import { adopt } from '../sheet';
import css from './ended.css?inline';

adoptForm();
adopt(css);

/** What the customer did with the form of a conversation, on this page. */
interface Rating {
	score: number;
	comment: string;
	skipped: boolean;
}

const ratings = stateOf(() => new Map<string, Rating>());

export function Ended({ shell, state }: { shell: Shell; state: State }) {
	const { client } = shell;
	const { agent, rated } = state;
	const sent = client.pending.find((i) => i.frame.t === 'rate');
	const all = ratings(client);
	const { current } = client;
	const rating = all.get(current) ?? { score: 0, comment: '', skipped: false };
	all.set(current, rating);
	const leave = () => {
		shell.home();
		// This button goes with its view.
		requestAnimationFrame(() => document.querySelector('h1')?.focus());
	};
	return (
		<>
			{agent && !rated && !rating.skipped && !sent && <RatingCard shell={shell} agent={agent} rating={rating} />}
			{sent && (
				<p class="sys">
					<span>{sent.failed ?? t.sending}</span>
				</p>
			)}
			<button type="button" class="btn" onclick={leave}>
				{t.newChat}
			</button>
		</>
	);
}

function RatingCard({ shell, agent, rating }: { shell: Shell; agent: string; rating: Rating }) {
	const set = (change: Partial<Rating>) => {
		Object.assign(rating, change);
		draw();
	};
	const { score, comment } = rating;
	return (
		<form
			class="card form"
			onsubmit={(e) => {
				e.preventDefault();
				if (score) shell.client.act('rate', { score, comment: comment.trim() });
			}}
		>
			<fieldset aria-describedby="goes-to">
				<legend>{fill(t.rateWho, { name: agent })}</legend>
				<p id="goes-to">{fill(t.rateGoesTo, { name: agent })}</p>
				<div class="scores">
					{[1, 2, 3, 4, 5].map((n) => (
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
								<span class="vh">{ends(n)}</span>
							</span>
						</label>
					))}
				</div>
				<p class="ends" aria-hidden="true">
					<span>{t.poor}</span>
					<span>{t.great}</span>
				</p>
			</fieldset>
			<textarea
				aria-label={t.comment}
				placeholder={t.comment}
				rows={2}
				maxLength={2000}
				dir="auto"
				value={comment}
				oninput={(e) => set({ comment: e.currentTarget.value })}
			/>
			<div class="two">
				<button type="submit" class="btn primary" disabled={!score}>
					{t.rate}
				</button>
				<button type="button" class="btn" onclick={() => set({ skipped: true })}>
					{t.skip}
				</button>
			</div>
		</form>
	);
}

function ends(n: number): string {
	return [fill(t.score, { n }), n === 1 && t.poor, n === 5 && t.great].filter(Boolean).join(', ');
}
