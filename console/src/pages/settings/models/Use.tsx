import { count, money, shortDay } from '../../../format';
import type { ModelStatus, Spend, Spent } from '../../../protocol';
import { t, tn } from '../../../text';

const shownDays = 30;
const dayMs = 86_400_000;

const nothing: Spent = { calls: 0, prompt: 0, completion: 0, micros: 0 };

function add(sum: Spent, more: Spent): Spent {
	return {
		calls: sum.calls + more.calls,
		prompt: sum.prompt + more.prompt,
		completion: sum.completion + more.completion,
		micros: sum.micros + more.micros,
	};
}

const tokens = (spent: Spent) => spent.prompt + spent.completion;

function sumsBy(spending: Spend[], key: (spend: Spend) => string): [string, Spent][] {
	const sums = new Map<string, Spent>();
	for (const spend of spending) sums.set(key(spend), add(sums.get(key(spend)) ?? nothing, spend));
	return [...sums].sort((a, b) => tokens(b[1]) - tokens(a[1]));
}

interface Props {
	spending: Spend[];
	status: ModelStatus;
}

/** What models used in the last days: by day as bars, and by what it was for. */
export function Use({ spending, status }: Props) {
	// The server counts days in UTC: the one that ends at resets_at is today.
	const today = Date.parse(status.resets_at) - dayMs;
	const byDay = new Map(sumsBy(spending, (spend) => spend.day.slice(0, 10)));
	const days = Array.from({ length: shownDays }, (_, i) => {
		const at = today - (shownDays - 1 - i) * dayMs;
		return { at, spent: byDay.get(new Date(at).toISOString().slice(0, 10)) ?? nothing };
	});
	const all = spending.reduce(add, nothing);
	const last = days[days.length - 1]?.spent ?? nothing;
	const cost = (spent: Spent) => status.currency && money(spent.micros, status.currency);
	const words = (spent: Spent) =>
		[tn('models.tokens', tokens(spent), { count: count(tokens(spent)) }), cost(spent)].filter(Boolean).join(', ');
	const name = (inbox: string) => status.inboxes.find((each) => each.id === inbox)?.name ?? t('models.noInbox');
	return (
		<section className="form-group" aria-labelledby="use-title">
			<div className="form-group-head">
				<h2 id="use-title">{t('models.use', { today: words(last) })}</h2>
				<p>{t('models.useWords', { all: words(all) })}</p>
			</div>
			{all.calls > 0 && (
				<>
					<Bars days={days} label={t('models.chart', { all: words(all) })} />
					<Sums
						caption={t('models.byPurpose')}
						head={t('models.purpose')}
						rows={sumsBy(spending, (spend) => t(`purpose.${spend.purpose}` as 'purpose.compose'))}
						cost={status.currency ? cost : undefined}
					/>
					{status.inboxes.length > 1 && (
						<Sums
							caption={t('models.byInbox')}
							head={t('settings.inbox')}
							rows={sumsBy(spending, (spend) => name(spend.inbox))}
							cost={status.currency ? cost : undefined}
						/>
					)}
					<details className="more">
						<summary>{t('models.asTable')}</summary>
						<Sums
							caption={t('models.byDay')}
							head={t('models.day')}
							rows={days
								.filter((day) => day.spent.calls > 0)
								.reverse()
								.map((day) => [shortDay(day.at), day.spent])}
							cost={status.currency ? cost : undefined}
						/>
					</details>
				</>
			)}
		</section>
	);
}

const barWidth = 16;
const gap = 6;
const height = 96;

function Bars({ days, label }: { days: { at: number; spent: Spent }[]; label: string }) {
	const most = Math.max(1, ...days.map((day) => tokens(day.spent)));
	const width = days.length * (barWidth + gap) - gap;
	const first = days[0];
	const last = days[days.length - 1];
	return (
		<figure className="bars">
			<svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label} preserveAspectRatio="none">
				<line x1="0" x2={width} y1={height - 0.5} y2={height - 0.5} className="bars-axis" />
				{days.map((day, i) => {
					const size = Math.round((tokens(day.spent) / most) * (height - 4));
					return (
						size > 0 && (
							<rect
								key={day.at}
								x={i * (barWidth + gap)}
								y={height - Math.max(2, size)}
								width={barWidth}
								height={Math.max(2, size)}
								className="bars-bar"
							/>
						)
					);
				})}
			</svg>
			<figcaption aria-hidden="true">
				<span>{first && shortDay(first.at)}</span>
				<span>{t('models.most', { count: count(most) })}</span>
				<span>{last && shortDay(last.at)}</span>
			</figcaption>
		</figure>
	);
}

interface SumsProps {
	caption: string;
	head: string;
	rows: [string, Spent][];
	/** Without it no prices are known. */
	cost?: (spent: Spent) => string;
}

function Sums({ caption, head, rows, cost }: SumsProps) {
	return (
		<table className="table">
			<caption>{caption}</caption>
			<thead>
				<tr>
					<th scope="col">{head}</th>
					<th scope="col" className="end from-m">
						{t('models.texts')}
					</th>
					<th scope="col" className="end">
						{t('models.tokensHead')}
					</th>
					{cost && (
						<th scope="col" className="end">
							{t('models.cost')}
						</th>
					)}
				</tr>
			</thead>
			<tbody>
				{rows.map(([name, spent]) => (
					<tr key={name}>
						<th scope="row">{name}</th>
						<td className="end num from-m">{count(spent.calls)}</td>
						<td className="end num">{count(tokens(spent))}</td>
						{cost && <td className="end num">{cost(spent)}</td>}
					</tr>
				))}
			</tbody>
		</table>
	);
}
