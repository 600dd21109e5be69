// The customer's copy of a promise: the due time first, then what it rests on, and the receipt. What became of it is read
// out of the log. Loaded with the first promise.

import { request } from '../../core/api';
import type { Client } from '../../core/client';
import type { CustomerPromise, Entry, PromiseState, Receipt } from '../../protocol';
import { due as dueTime, format } from '../../text/time';
import { fill, t } from '../../text/words';
import { draw, stateOf } from '../draw';
import { Icon } from '../Icon';
import { adopt } from '../sheet';
import css from './promise.css?inline';

adopt(css);

const receipt = 'M5 3h10v14l-2.5-1.5L10 17l-2.5-1.5L5 17zM7.7 7h4.6M7.7 10.2h4.6';

/** With the zone: the shop's own words, in the log beside it, may go by another clock. */
const stamp = (at: string) =>
	format(at, {
		weekday: 'short',
		day: 'numeric',
		month: 'short',
		hour: 'numeric',
		minute: '2-digit',
		timeZoneName: 'short',
	});

export function PromiseCard({ entry, client }: { entry: Entry; client: Client }) {
	const { notice, promise } = entry;
	const due = promise?.due || notice?.promised;
	if (!due) return null;
	const state = promise ? stateAfter(promise, client.log.entries) : 'open';
	const other = promise?.kind === 'other';
	const time = dueTime(due);
	const end = became(state);
	const rows = [
		[t.to, notice?.email],
		[t.promised, stamp(promise?.at || entry.at)],
		[t.due, stamp(due)],
	];
	return (
		<section class={`card pm ${state}`} aria-label={t.receipt}>
			<div class="due">
				<span class="ic">
					<Icon d={receipt} />
				</span>
				<p dir="auto">
					<b>{other && promise.by.name ? fill(t.promisedBy, { name: promise.by.name }) : t.ourWord}</b>{' '}
					{other ? fill(t.otherBy, { what: promise.text, time }) : fill(t.answerBy, { time })}
				</p>
			</div>
			{end && <p class="end">{end}</p>}
			<dl class="kv">
				{rows.map(
					([name, value]) =>
						value && (
							<div>
								<dt>{name}</dt> <dd>{value}</dd>
							</div>
						),
				)}
				{promise?.number && (
					<div>
						<dt>{t.receipt}</dt> <dd class="mono">{promise.number}</dd>
					</div>
				)}
			</dl>
			{promise?.number && <Check promise={promise} />}
		</section>
	);
}

const became = (state: PromiseState): string | undefined =>
	({ open: '', kept: t.promiseKept, moved: t.promiseMoved, broken: t.promiseBroken, withdrawn: t.promiseWithdrawn })[
		state
	];

const checkOf = stateOf(() => ({ got: undefined as Receipt | 'busy' | 'failed' | undefined }));

/** Asks the server whether the receipt is its own, and shows what is signed. */
function Check({ promise }: { promise: CustomerPromise }) {
	const state = checkOf(promise);
	const { got } = state;
	const check = async () => {
		state.got = 'busy';
		draw();
		const query = new URLSearchParams({
			inbox: new URLSearchParams(location.search).get('inbox') ?? '',
			signature: promise.signature,
		});
		try {
			state.got = await request(`/v1/promises/${promise.number}?${query}`);
		} catch {
			state.got = 'failed';
		}
		draw();
	};
	const asked = typeof got === 'object';
	return (
		<>
			<div role="status" class="signed">
				{got === 'failed' && <p>{t.noCheck}</p>}
				{asked && <p>{got.valid ? t.genuine : t.forged}</p>}
				{asked && got.valid && (
					<pre>
						{got.signed}
						{promise.signature}
					</pre>
				)}
			</div>
			{!asked && (
				<button type="button" class="btn" disabled={got === 'busy'} onclick={check}>
					{got === 'busy' ? t.checking : t.check}
				</button>
			)}
		</>
	);
}

/** What has become of a promise: what a later entry says of it, or that a person has answered. */
function stateAfter(p: CustomerPromise, log: Entry[]): PromiseState {
	let after = false;
	for (const e of log) {
		if (e.promise?.id === p.id) {
			after = true;
			if (e.promise.state !== 'open') return e.promise.state;
		} else if (e.promise?.before === p.id) return e.notice?.kind === 'overdue' ? 'broken' : 'moved';
		else if (after && p.kind === 'answer' && e.kind === 'message' && e.from.kind === 'agent') return 'kept';
	}
	return p.state;
}
