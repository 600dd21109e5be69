import { count, decimal, percent } from '../../format';
import type { Ease, Likely } from '../../protocol';
import { t, tn } from '../../text';
import { Card } from './Card';
import { Shares } from './Shares';
import { few, range } from './words';

/** How easy customers found it, and how likely they are to recommend: each only where it was asked. */
export function Surveys({ ease, likely }: { ease: Ease; likely: Likely }) {
	return (
		<>
			{ease.mean.n > 0 && <Easy ease={ease} />}
			{likely.promoters.of > 0 && <Recommend likely={likely} />}
		</>
	);
}

function Easy({ ease: { scores, easy, mean } }: { ease: Ease }) {
	const title = t('insight.ease.title', { share: percent(easy.n / easy.of) });
	return (
		<Card
			size="third"
			title={title}
			words={[
				tn('insight.ease.words', mean.n, { n: count(mean.n), mean: decimal(mean.mean) }),
				few(easy) ? t('insight.ease.sure', range(easy)) : '',
			].join(' ')}
		>
			<Shares
				label={title}
				rows={[7, 6, 5, 4, 3, 2, 1].map((score) => ({
					key: String(score),
					name: score === 7 ? t('insight.ease.7') : score === 1 ? t('insight.ease.1') : String(score),
					n: scores[score - 1]?.n ?? 0,
					tone: score >= 5 ? 'one' : score === 1 ? 'risk' : 'rest',
				}))}
			/>
		</Card>
	);
}

function Recommend({ likely: { promoters, passives, detractors, score, low, high } }: { likely: Likely }) {
	const whole = (n: number) => count(Math.round(n));
	const title = t('insight.likely.title', { score: whole(score) });
	return (
		<Card
			size="third"
			title={title}
			words={[
				tn('insight.likely.words', promoters.of, { n: count(promoters.of) }),
				t('insight.likely.sure', { low: whole(low), high: whole(high) }),
			].join(' ')}
		>
			<Shares
				label={title}
				rows={[
					{ key: 'up', name: t('insight.likely.promoters'), n: promoters.n, tone: 'one' },
					{ key: 'mid', name: t('insight.likely.passives'), n: passives.n, tone: 'rest' },
					{ key: 'down', name: t('insight.likely.detractors'), n: detractors.n, tone: 'risk' },
				]}
			/>
		</Card>
	);
}
