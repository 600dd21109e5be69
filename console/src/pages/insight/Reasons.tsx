import { count } from '../../format';
import type { Part } from '../../protocol';
import { t, tn } from '../../text';
import { reasonWords } from '../inbox/ReasonTag';
import { Card } from './Card';
import { Shares } from './Shares';
import { sum } from './words';

/** Why the bot brought in people. */
export function Reasons({ handed }: { handed: Part[] }) {
	const [first] = handed;
	const reason = (name: string) => reasonWords(name) || t('insight.handed.noReason');
	if (!first) return <Card size="third" title={t('insight.handed.none')} />;
	const title = t('insight.handed.title', { reason: reason(first.name) });
	return (
		<Card size="third" title={title} words={`${tn('insight.handed.words', sum(handed), { n: count(sum(handed)) })}.`}>
			<Shares
				label={title}
				rows={handed.map((part) => ({
					key: part.name,
					name: reason(part.name),
					n: part.n,
					tone: part.name === 'distress' ? 'bad' : 'rest',
				}))}
			/>
		</Card>
	);
}
