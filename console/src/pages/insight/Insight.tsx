import { useSearchParams } from 'wouter';
import { useLate, useMe } from '../../context';
import { due } from '../../format';
import type { Report } from '../../protocol';
import { t } from '../../text';
import { Button } from '../../ui/Button';
import { Bone, Failure, Notice } from '../../ui/parts';
import { Segmented } from '../../ui/Segmented';
import { Select } from '../../ui/Select';
import { useTitle } from '../../ui/title';
import { Due } from './Due';
import { Endings } from './Endings';
import { Facts } from './Facts';
import { Help } from './Help';
import { useReport } from './load';
import { People } from './People';
import { Promises } from './Promises';
import { type Period, periods } from './period';
import { Ratings } from './Ratings';
import { Reasons } from './Reasons';
import { Served } from './Served';
import { Surveys } from './Surveys';
import { Waits } from './Waits';

/** How the desk does: promises first, then what is now, and then what was. */
export default function Insight() {
	const { inboxes } = useMe();
	const [params, setParams] = useSearchParams();
	const days = periods.find((each) => each === params.get('days')) ?? '1';
	const inbox = inboxes?.find((each) => each.id === params.get('inbox'))?.id ?? '';
	const { report, problem, again } = useReport(Number(days), inbox);
	const late = useLate(!report && !problem);
	useTitle(t('nav.insight'));

	const set = (key: string, value: string) =>
		setParams(
			(before) => {
				const next = new URLSearchParams(before);
				if (value) next.set(key, value);
				else next.delete(key);
				return next;
			},
			{ replace: true },
		);
	return (
		<main className="page insight" data-pane>
			<header className="page-head">
				<h1>{t('nav.insight')}</h1>
				<Segmented
					label={t('insight.period')}
					value={days}
					options={periods.map((value) => ({ value, label: t(`insight.days.${value}`) }))}
					onChange={(value) => set('days', value === '1' ? '' : value)}
				/>
				<div className="page-acts">
					{report && <span className="as-of num">{t('insight.asOf', { time: due(report.until, Date.now()) })}</span>}
					{(inboxes?.length ?? 0) > 1 && (
						<Select
							bare
							label={t('insight.inbox')}
							value={inbox}
							options={[
								{ value: '', label: t('insight.allInboxes') },
								...(inboxes ?? []).map((each) => ({ value: each.id, label: each.name })),
							]}
							onChange={(value) => set('inbox', value)}
						/>
					)}
				</div>
			</header>
			<div className="page-body">
				{problem && !report && (
					<Failure title={t('insight.failed')} retry={<Button onPress={again}>{t('retry')}</Button>}>
						{problem.message}
					</Failure>
				)}
				{problem && report && (
					<Notice tone="warn" action={<Button onPress={again}>{t('retry')}</Button>}>
						{t('insight.failedWords', { time: due(report.until, Date.now()), reason: problem.message })}
					</Notice>
				)}
				{late && <Bones />}
				{report && <Cards report={report} days={days} />}
			</div>
		</main>
	);
}

function Cards({ report, days }: { report: Report; days: Period }) {
	return (
		<div className="cards">
			{report.promises && <Promises stats={report.promises} days={days} />}
			<Due asOf={report.until} />
			<Facts report={report} />
			<Served report={report} />
			<Waits report={report} />
			<Reasons handed={report.handed} />
			<Endings closed={report.closed} />
			<Ratings ratings={report.ratings} />
			<Surveys ease={report.ease} likely={report.likely} />
			<Help help={report.help} />
			<People agents={report.agents} />
		</div>
	);
}

/** What is to come has these sizes. */
function Bones() {
	return (
		<div className="cards" role="status" aria-label={t('app.loading')}>
			<section className="card wide">
				<Bone width="140px" height={12} />
				<Bone width="200px" height={40} />
			</section>
			{[0, 1, 2, 3].map((each) => (
				<section key={each} className="card quarter">
					<Bone width="60%" height={12} />
					<Bone width="40%" height={28} />
				</section>
			))}
			<section className="card most">
				<Bone width="50%" height={12} />
				<Bone height={200} />
			</section>
			<section className="card third">
				<Bone width="50%" height={12} />
				<Bone height={200} />
			</section>
		</div>
	);
}
