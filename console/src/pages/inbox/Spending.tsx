import { useEffect, useState } from 'react';
import { useDesk } from '../../context';
import { count, money } from '../../format';
import type { ConversationSpend, ConversationView } from '../../protocol';
import { t, tn } from '../../text';
import { Tag } from '../../ui/parts';

/** What language models used in a conversation; nothing where none did. */
export function Spending({ conversation }: { conversation: ConversationView }) {
	const { api } = useDesk();
	const { id, last_seq } = conversation;
	const [spend, setSpend] = useState<ConversationSpend | null>(null);
	// Each message may have cost something.
	// biome-ignore lint/correctness/useExhaustiveDependencies: last_seq is why it is asked again
	useEffect(() => {
		let over = false;
		api.conversationSpending(id).then(
			(next) => !over && setSpend(next),
			() => {}, // it stays as it was: nobody waits for it
		);
		return () => {
			over = true;
		};
	}, [api, id, last_seq]);
	if (!spend || (spend.spent.calls === 0 && !spend.used_up)) return null;
	const tokens = spend.spent.prompt + spend.spent.completion;
	return (
		<section>
			<h3>
				<span>{t('panel.model')}</span>
				{spend.currency && <span className="num">{money(spend.spent.micros, spend.currency)}</span>}
			</h3>
			<p className="quiet num">
				{tn('models.tokens', tokens, { count: count(tokens) })}, {tn('panel.texts', spend.spent.calls)}
			</p>
			{spend.used_up && <Tag tone="warn">{t('panel.usedUp')}</Tag>}
		</section>
	);
}
