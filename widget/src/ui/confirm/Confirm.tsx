// The card of a change that the bot proposes: what will happen, with what, and the customer's word on it. Loaded when the
// first is proposed. What became of it is read out of the log, so that it is the same after a reload and in every window.

import type { Client } from '../../core/client';
import type { CallState, Card, Entry } from '../../protocol';
import { t } from '../../text/words';
import { draw, stateOf } from '../draw';
import { adopt } from '../sheet';
import css from './confirm.css?inline';

adopt(css);

/** Draws again when a card has run out. */
const timerOf = stateOf(() => ({ set: false }));

export function Confirm({ entry, card, client }: { entry: Entry; card: Card; client: Client }) {
	const left = Date.parse(card.expires) - Date.now();
	const timer = timerOf(card);
	if (left > 0 && !timer.set) {
		timer.set = true;
		setTimeout(draw, left + 50);
	}
	const sent = client.pending.find((i) => i.frame.t === 'confirm' && i.frame.d.call === card.call);
	const state = stateAfter(entry, card, client, left <= 0);
	const waits = !!sent && !sent.failed;
	const say = (yes: boolean) => {
		if (sent) client.discard(sent.frame.d.client_id);
		client.act('confirm', { call: card.call, yes });
	};
	return (
		<section class="card ask" aria-label={card.title}>
			<h2>{card.title}</h2>
			<dl class="kv">
				{card.rows.map((r) => (
					<div>
						<dt>{r.label}</dt> <dd dir="auto">{r.value}</dd>
					</div>
				))}
			</dl>
			{state === 'proposed' && !sent?.failed ? (
				<div class="two">
					<button type="button" class="btn primary" disabled={waits} onclick={() => say(true)}>
						{waits ? t.sending : t.confirm}
					</button>
					<button type="button" class="btn" disabled={waits} onclick={() => say(false)}>
						{t.decline}
					</button>
				</div>
			) : (
				<p class={state === 'done' ? 'end good' : 'end'} role="status">
					{sent?.failed ?? became(state)}
				</p>
			)}
		</section>
	);
}

const became = (state: CallState): string =>
	(
		({
			confirmed: t.callRunning,
			running: t.callRunning,
			done: t.callDone,
			declined: t.callDeclined,
			failed: t.callFailed,
			unknown: t.callUnknown,
		}) as Record<string, string>
	)[state] ?? t.callExpired;

/** How far the change has come: the last that the log says of it, or void when something came between. */
function stateAfter(entry: Entry, card: Card, client: Client, late: boolean): CallState {
	const { entries } = client.log;
	let state: CallState = 'proposed';
	for (const e of entries) {
		if (e.call?.call === card.call) state = e.call.state;
		else if (state === 'proposed' && e.seq > entry.seq && (e.card || e.kind === 'owner')) state = 'expired';
	}
	return state === 'proposed' && (late || !client.state.atBot) ? 'expired' : state;
}
