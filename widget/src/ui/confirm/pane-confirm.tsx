// The card of a change that the bot proposes: what will happen, with what, and the customer's word on it. Loaded when the
// first is proposed. What became of it is read out of the log, so that it is the same after a reload and in every window.

import { useEffect, useState } from 'preact/hooks';
import type { Client } from '../../core/client';
import { derive } from '../../core/state';
import type { CallState, Card, Entry } from '../../protocol';
import * as text from '../../text/confirm';
import { adopt } from '../chat/sheet';
import css from './confirm.css?inline';

adopt(css);

export default function Confirm({ entry, card, client }: { entry: Entry; card: Card; client: Client }) {
	const late = useLate(card.expires);
	const sent = client.pending.find((i) => i.frame.t === 'confirm' && i.frame.d.call === card.call);
	const state = stateOf(entry, card, client, late);
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
					<div key={r.name}>
						<dt>{r.label}</dt> <dd dir="auto">{r.value}</dd>
					</div>
				))}
			</dl>
			{state === 'proposed' && !sent?.failed ? (
				<div class="two">
					<button type="button" class="btn primary" disabled={waits} onClick={() => say(true)}>
						{waits ? text.sending : text.yes}
					</button>
					<button type="button" class="btn" disabled={waits} onClick={() => say(false)}>
						{text.no}
					</button>
				</div>
			) : (
				<p class={state === 'done' ? 'end good' : 'end'} role="status">
					{sent?.failed ?? text.became[state]}
				</p>
			)}
		</section>
	);
}

/** How far the change has come: the last that the log says of it, or void when something came between. */
function stateOf(entry: Entry, card: Card, client: Client, late: boolean): CallState {
	const { entries } = client.log;
	let state: CallState = 'proposed';
	for (const e of entries) {
		if (e.call?.call === card.call) state = e.call.state;
		else if (state === 'proposed' && e.seq > entry.seq && (e.card || e.kind === 'owner')) state = 'expired';
	}
	const { owner, status } = derive(entries);
	return state === 'proposed' && (late || owner !== 'bot' || status !== 'open') ? 'expired' : state;
}

/** Whether a time has passed; it tells when it does. */
function useLate(at: string): boolean {
	const end = Date.parse(at);
	const [, again] = useState(0);
	useEffect(() => {
		const timer = setTimeout(() => again(end), end - Date.now() + 50);
		return () => clearTimeout(timer);
	}, [end]);
	return Date.now() >= end;
}
