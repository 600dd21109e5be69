// A promise that was made: the due time first, then what it rests on.

import type { Entry, Notice } from '../protocol';
import { text } from '../text';
import { Icon } from './Icon';

export function Promise({ entry, notice }: { entry: Entry; notice: Notice }) {
	const due = notice.promised;
	if (!due) return <p class="say">{entry.text}</p>;
	const rows = [
		[text.to, notice.email],
		[text.promised, text.stamp(entry.at)],
		[text.dueLabel, text.stamp(due)],
	];
	return (
		<div class="card">
			<div class="due">
				<span class="ic"><Icon name="receipt" /></span>
				<p><b>{text.word}</b> {text.answerBy(due)}</p>
			</div>
			<dl class="kv">
				{rows.map(([name, value]) => value && <div key={name}><dt>{name}</dt> <dd>{value}</dd></div>)}
			</dl>
		</div>
	);
}
