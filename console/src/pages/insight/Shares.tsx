import { count } from '../../format';

export interface Row {
	key: string;
	name: string;
	n: number;
	tone: 'one' | 'rest' | 'risk' | 'bad';
}

/** Counts by name, as bars in a line each. Name and number are words: nothing is in the picture alone. */
export function Shares({ label, rows }: { label: string; rows: Row[] }) {
	const most = Math.max(1, ...rows.map((row) => row.n));
	return (
		<ul className="shares" aria-label={label}>
			{rows.map((row) => (
				<li key={row.key}>
					<span>{row.name}</span>
					<span className="share-bed" aria-hidden="true">
						<span className={`share-fill ${row.tone}`} style={{ inlineSize: `${(100 * row.n) / most}%` }} />
					</span>
					<span className="num">{count(row.n)}</span>
				</li>
			))}
		</ul>
	);
}
