// A promise that was made: the due time first, then what it rests on.

import type { Entry, Notice } from '../../protocol';
import * as text from '../../text/chat';
import { stamp } from '../../text/time';
import { Icon } from '../Icon';
import { receipt } from './icons';

export function PromiseCard({ entry, notice }: { entry: Entry; notice: Notice }) {
	const due = notice.promised;
	if (!due) return <p class="say">{entry.text}</p>;
	const rows = [
		[text.to, notice.email],
		[text.promised, stamp(entry.at)],
		[text.dueLabel, stamp(due)],
	];
	return (
		<div class="card">
			<div class="due">
				<span class="ic">
					<Icon d={receipt} />
				</span>
				<p>
					<b>{text.word}</b> {text.answerBy(due)}
				</p>
			</div>
			<dl class="kv">
				{rows.map(
					([name, value]) =>
						value && (
							<div key={name}>
								<dt>{name}</dt> <dd>{value}</dd>
							</div>
						),
				)}
			</dl>
		</div>
	);
}
