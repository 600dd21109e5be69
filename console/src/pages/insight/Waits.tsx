import { count, hourOf, percent, took } from '../../format';
import type { Report, Share } from '../../protocol';
import { t, tn } from '../../text';
import { Card } from './Card';
import { Chart } from './Chart';
import { Lines } from './Lines';
import { few, range, sentence } from './words';

// One long wait makes no hour a bad one.
const enough = 3;

/** How long customers waited for a person, by the hour in which they began to. */
export function Waits({ report: { waits, waits_at: hours, told } }: { report: Report }) {
	const shown = hours.length > 1; // one hour has no course
	if (waits.n === 0) return <Card size="third" title={t('insight.waits.none')} />;
	const peak = hours.filter((at) => at.n >= enough).sort((a, b) => b.p90 - a.p90)[0];
	const title =
		peak && shown
			? t('insight.waits.title', { hour: hourOf(peak.hour), time: took(peak.p90) })
			: t('insight.waits.flat', { time: took(waits.median) });
	const words = sentence(tn('insight.waits.words', waits.n, { median: took(waits.median), p90: took(waits.p90) }));
	return (
		<Card size="third" title={title} words={words}>
			{shown && (
				<Chart
					height={220}
					label={`${sentence(title)} ${words}`}
					draw={(width) => (
						<Lines
							width={width}
							height={220}
							points={hours.map((at) => ({ hour: at.hour, values: [at.median / 60, at.p90 / 60] }))}
							series={[t('insight.waits.median'), t('insight.waits.p90')]}
							hour={hourOf}
							peak={(minutes) => took(minutes * 60)}
						/>
					)}
					table={{
						head: ['hour', 'n', 'median', 'p90'].map((key) => t(`insight.waits.${key as 'n'}`)),
						rows: hours.map((at) => [hourOf(at.hour), count(at.n), took(at.median), took(at.p90)]),
					}}
				/>
			)}
			{told && told.of > 0 && <p className="card-end">{toldWords(told)}</p>}
		</Card>
	);
}

function toldWords(told: Share): string {
	const share = percent(told.n / told.of);
	return few(told)
		? t('insight.waits.toldFew', { share, n: count(told.of), ...range(told) })
		: t('insight.waits.told', { share, n: count(told.of) });
}
