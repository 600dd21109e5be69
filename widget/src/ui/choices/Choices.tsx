// Quick replies: the ways to go on that an answer offers, while it is the last word of the log.

import type { Child } from '../../vnode';
import { Icon, right } from '../Icon';
import type { Line } from '../Message';

export function Choices({ entry, shell }: Line): Child {
	const { client } = shell;
	const { choices } = entry.answer ?? {};
	return (
		client.state.atBot &&
		choices?.length && (
			<div class="choices">
				{choices.map((c) => (
					<button type="button" class="choice" onclick={() => client.send(c.text)}>
						<span dir="auto">{c.label}</span>
						<Icon d={right} />
					</button>
				))}
			</div>
		)
	);
}
