import { count, decimal, percent } from '../../format';
import type { Ratings as Figures } from '../../protocol';
import { type Key, t, tn } from '../../text';
import { Card } from './Card';
import { Shares } from './Shares';
import { few, range } from './words';

/** What customers gave, from 5 to 1. */
export function Ratings({ ratings: { scores, good, all, bot, person } }: { ratings: Figures }) {
	if (all.n === 0) return <Card size="third" title={t('insight.ratings.none')} />;
	const title = t('insight.ratings.title', { share: percent(good.n / good.of) });
	const mean = (of: Figures['bot']) => (of.n > 0 ? decimal(of.mean) : '–');
	return (
		<Card
			size="third"
			title={title}
			words={[
				tn('insight.ratings.words', all.n, { n: count(all.n) }),
				t('insight.ratings.by', { people: mean(person), bot: mean(bot) }),
				few(good) ? t('insight.ratings.sure', range(good)) : '',
			].join(' ')}
		>
			<Shares
				label={title}
				rows={[5, 4, 3, 2, 1].map((score) => ({
					key: String(score),
					name: t(`insight.score.${score}` as Key),
					n: scores[score - 1]?.n ?? 0,
					tone: score >= 4 ? 'one' : score === 1 ? 'risk' : 'rest',
				}))}
			/>
		</Card>
	);
}
