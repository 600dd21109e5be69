// The place in line, and how long it usually takes from there.

import type { Client } from '../../core/client';
import { fill, parts, t } from '../../text/words';
import { draw, stateOf } from '../draw';
import { lazy } from '../lazy';
import { derive } from './state';

export const cards = lazy(() => import('../../panes/cards'));
const asking = stateOf(() => ({ email: false }));

export function Place(client: Client) {
	const { notice, email, queuedAt } = derive(client.log.entries);
	const { queue } = client.told;
	const at = queue?.place ? queue : notice;
	const { place = 0, min_minutes: from = 0, max_minutes: to = 0 } = at ?? {};
	const asks = asking(client);
	const askEmail = () => {
		asks.email = true;
		draw();
	};
	return (
		<div class="card">
			{/* Announced on a change of place only. */}
			<div role="status">
				<h2>{place > 1 ? fill(t.place, { n: place }, 'ordinal') : t.next}</h2>
			</div>
			{to > 0 && <p>{from === to ? fill(t.rangeOne, { n: to }) : fill(t.range, { from, to })}</p>}
			{to > 0 && Elapsed(queuedAt, from, to)}
			<p>{email ? parts(t.keepMail, { email: <b>{email}</b> }) : t.keep}</p>
			{!email &&
				(asks.email ? (
					cards()?.Contact({ client, inside: true })
				) : (
					<button type="button" class="foot" onclick={askEmail}>
						{t.byMail}
					</button>
				))}
		</div>
	);
}

let tick: ReturnType<typeof setTimeout> | undefined;

/** The wait so far beside the usual range. */
function Elapsed(since: string, from: number, to: number) {
	clearTimeout(tick);
	tick = setTimeout(draw, 15_000);
	const gone = Math.max(0, Math.floor((Date.now() - Date.parse(since)) / 60_000)) || 0;
	const whole = Math.max(to * 1.33, gone * 1.1);
	const at = (minutes: number) => `${(100 * minutes) / whole}%`;
	const begin = from === to ? 0 : from;
	return (
		<div class="pos" role="img" aria-label={fill(t.soFar, { n: gone })}>
			<div class="tr">
				{/* By CSSOM: the page allows no inline style. */}
				<i class="rng" style={`inset-inline-start:${at(begin)};width:${at(to - begin)}`} />
				<i class="el" style={`width:${at(Math.max(gone, whole / 50))}`} />
			</div>
			<div class="lb">
				<span>{fill(t.soFar, { n: gone })}</span>
				{gone < to / 2 && (
					<span class="end" style={`inset-inline-end:${at(whole - to)}`}>
						{fill(t.minutes, { n: to })}
					</span>
				)}
			</div>
		</div>
	);
}
