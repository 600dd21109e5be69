import { count, dayIn, hourIn, percent } from '../../format';
import type { Report } from '../../protocol';
import { t } from '../../text';
import { Bars } from './Bars';
import { Card } from './Card';
import { Chart } from './Chart';
import { few, range } from './words';

/** Who served the conversations that began in the time, by hour or day. */
export function Served({ report }: { report: Report }) {
	const { served, alone, steps, hourly, zone } = report;
	if (served.all === 0) return <Card size="most" title={t('insight.served.none')} />;
	const title = t('insight.served.title', { share: percent(alone.n / alone.of), n: count(alone.of) });
	const rest = served.all - served.bot - served.person;
	const share = (n: number) => percent(n / served.all);
	const label = (at: string) => (hourly ? hourIn(at, zone) : dayIn(at, zone));
	// The hours before the first customer say nothing.
	const begin = hourly
		? Math.max(
				0,
				Math.min(
					steps.findIndex((step) => step.all > 0),
					steps.length - 6,
				),
			)
		: 0;
	const shown = steps.slice(begin);
	return (
		<Card
			size="most"
			title={title}
			words={
				<>
					{t(hourly ? 'insight.served.hours' : 'insight.served.days')}.{' '}
					{few(alone) && t('insight.served.sure', range(alone))}
				</>
			}
		>
			<Chart
				height={220}
				label={`${title}. ${t('insight.served.person')} ${share(served.person)}, ${t('insight.served.rest')} ${share(rest)}.`}
				draw={(width) => (
					<Bars
						width={width}
						height={220}
						bars={shown.map((step) => ({
							key: step.at,
							label: label(step.at),
							values: [step.bot, step.person, step.all - step.bot - step.person],
						}))}
						series={[
							{ name: t('insight.served.bot'), value: share(served.bot), className: 'one' },
							{ name: t('insight.served.person'), value: share(served.person), className: 'two' },
							{ name: t('insight.served.rest'), value: share(rest), className: 'rest' },
						]}
					/>
				)}
				table={{
					head: ['when', 'all', 'bot', 'person', 'rest'].map((key) => t(`insight.served.${key as 'all'}`)),
					rows: shown.map((step) => [
						label(step.at),
						count(step.all),
						count(step.bot),
						count(step.person),
						count(step.all - step.bot - step.person),
					]),
				}}
			/>
		</Card>
	);
}
