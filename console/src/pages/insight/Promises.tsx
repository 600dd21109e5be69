import { percent } from '../../format';
import type { PromiseStats } from '../../protocol';
import { t, tn } from '../../text';
import { Icon } from '../../ui/Icon';
import type { Period } from './period';

// As many small squares as still can be told apart; of more the words are enough.
const most = 150;

/** Promises kept: the first number of the page. */
export function Promises({ stats, days }: { stats: PromiseStats; days: Period }) {
	const { kept, moved, broken, open, due_soon: soon } = stats;
	const settled = kept + moved + broken;
	const words = [
		tn('insight.promises.kept', kept),
		moved > 0 && tn('insight.promises.moved', moved),
		tn('insight.promises.broken', broken),
		tn('insight.promises.open', open),
	]
		.filter(Boolean)
		.join(', ');
	const squares = [
		...Array<string>(kept).fill('kept'),
		...Array<string>(moved).fill('moved'),
		...Array<string>(broken).fill('broken'),
		...Array<string>(open).fill('open'),
	];
	return (
		<section className="card wide promises-kept" aria-label={t(`insight.promises.${days}`)}>
			<div>
				<h2>{t(`insight.promises.${days}`)}</h2>
				{settled > 0 ? (
					<p className="figure">{percent((kept + moved) / settled, kept + moved < settled)}</p>
				) : (
					<p className="figure-none">{t('insight.promises.none')}</p>
				)}
			</div>
			<div>
				{squares.length > 0 && squares.length <= most && (
					<div className="squares" aria-hidden="true">
						{squares.map((state, i) => (
							// biome-ignore lint/suspicious/noArrayIndexKey: squares of one kind are alike.
							<i key={i} className={state} />
						))}
					</div>
				)}
				{squares.length > 0 && <p className="card-words">{words}</p>}
				{soon > 0 && (
					<p className="card-soon">
						<Icon name="clock" size={14} />
						{tn('insight.promises.soon', soon)}
					</p>
				)}
			</div>
		</section>
	);
}
