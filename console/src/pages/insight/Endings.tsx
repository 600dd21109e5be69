import { count, percent } from '../../format';
import type { Part } from '../../protocol';
import { type Key, t, tn } from '../../text';
import { Card } from './Card';
import { Shares } from './Shares';
import { few, range, sum } from './words';

/** How conversations ended, as the agents who closed them say. */
export function Endings({ closed }: { closed: Part[] }) {
	const [first] = closed;
	if (!first) return <Card size="third" title={t('insight.ended.none')} />;
	const solved = closed.find((part) => part.name === 'solved');
	const name = (part: Part) => t(`ended.${part.name === 'other' ? 'otherwise' : part.name || 'unsaid'}` as Key);
	const title = solved
		? t('insight.ended.title', { share: percent(solved.n / solved.of) })
		: t('insight.ended.first', { outcome: name(first) });
	return (
		<Card
			size="third"
			title={title}
			words={[
				tn('insight.ended.words', sum(closed), { n: count(sum(closed)) }),
				solved && few(solved) ? t('insight.ended.sure', range(solved)) : '',
			].join(' ')}
		>
			<Shares
				label={title}
				rows={closed.map((part) => ({
					key: part.name,
					name: name(part),
					n: part.n,
					tone: part === solved ? 'one' : 'rest',
				}))}
			/>
		</Card>
	);
}
