// The customer's copy of a promise: the due time first, then what it rests on, and the receipt. What became of it is read
// out of the log. Loaded with the first promise.

import { useState } from 'preact/hooks';
import { request } from '../../core/api';
import type { Client } from '../../core/client';
import type { CustomerPromise, Entry, PromiseState, Receipt } from '../../protocol';
import * as text from '../../text/promise';
import { stamp } from '../../text/time';
import { receipt } from '../chat/icons';
import { adopt } from '../chat/sheet';
import { Icon } from '../Icon';
import css from './promise.css?inline';

adopt(css);

export default function PromiseCard({ entry, client }: { entry: Entry; client: Client }) {
	const { notice, promise } = entry;
	const due = promise?.due || notice?.promised;
	if (!due) return null;
	const state = promise ? stateOf(promise, client.log.entries) : 'open';
	const other = promise?.kind === 'other';
	const email = notice?.email;
	const rows = [
		[text.to, email],
		[text.promised, stamp(promise?.at || entry.at)],
		[text.dueLabel, stamp(due)],
	];
	return (
		<section class={`card pm ${state}`} aria-label={text.receipt}>
			<div class="due">
				<span class="ic">
					<Icon d={receipt} />
				</span>
				<p dir="auto">
					<b>{other && promise.by.name ? text.by(promise.by.name) : text.word}</b>{' '}
					{other ? text.otherBy(promise.text, due) : text.answerBy(due)}
				</p>
			</div>
			{text.became[state] && <p class="end">{text.became[state]}</p>}
			<dl class="kv">
				{rows.map(
					([name, value]) =>
						value && (
							<div key={name}>
								<dt>{name}</dt> <dd>{value}</dd>
							</div>
						),
				)}
				{promise?.number && (
					<div>
						<dt>{text.receipt}</dt> <dd class="mono">{promise.number}</dd>
					</div>
				)}
			</dl>
			{promise?.number && <Check promise={promise} />}
		</section>
	);
}

/** Asks the server whether the receipt is its own, and shows what is signed. */
function Check({ promise }: { promise: CustomerPromise }) {
	const [got, setGot] = useState<Receipt | 'busy' | 'failed'>();
	const check = async () => {
		setGot('busy');
		const query = new URLSearchParams({
			inbox: new URLSearchParams(location.search).get('inbox') ?? '',
			signature: promise.signature,
		});
		try {
			setGot(await request(`/v1/promises/${promise.number}?${query}`));
		} catch {
			setGot('failed');
		}
	};
	const asked = typeof got === 'object';
	return (
		<>
			<div role="status" class="signed">
				{got === 'failed' && <p>{text.noCheck}</p>}
				{asked && <p>{got.valid ? text.genuine : text.forged}</p>}
				{asked && got.valid && (
					<pre>
						{got.signed}
						{promise.signature}
					</pre>
				)}
			</div>
			{!asked && (
				<button type="button" class="btn" disabled={got === 'busy'} onClick={check}>
					{got === 'busy' ? text.checking : text.check}
				</button>
			)}
		</>
	);
}

/** What has become of a promise: what a later entry says of it, or that a person has answered. */
function stateOf(p: CustomerPromise, log: Entry[]): PromiseState {
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
