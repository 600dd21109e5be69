import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { useDesk, useNow } from '../../context';
import { customerName } from '../../format';
import { promiseState, promiseText, promiseTone } from '../../promises';
import type { PromiseRow } from '../../protocol';
import { t } from '../../text';
import { Tag } from '../../ui/parts';
import { Card } from './Card';

/** More than that is for the ledger, which the card leads to. */
const most = 5;

/** The promises whose time comes next; nothing where none is open. */
export function Due({ asOf }: { asOf: string }) {
	const { api } = useDesk();
	const now = useNow();
	const [rows, setRows] = useState<PromiseRow[]>([]);
	// biome-ignore lint/correctness/useExhaustiveDependencies: a newer report is why it is asked again
	useEffect(() => {
		let over = false;
		api.promises({ state: 'open', limit: most }).then(
			({ data }) => !over && setRows(data ?? []),
			() => {}, // what is shown stays; the page says of itself when it cannot be loaded
		);
		return () => {
			over = true;
		};
	}, [api, asOf]);
	if (rows.length === 0) return null;
	return (
		<Card title={t('insight.due')} size="wide">
			<ul className="due-next">
				{rows.map((row) => (
					<li key={row.id}>
						<Link to={`/inbox/all/${row.conversation}`} className="cut">
							{(row.kind === 'answer' && row.subject) || promiseText(row)}
						</Link>
						<span className="cut quiet">{customerName(row.customer_name)}</span>
						<span className="cut quiet">{row.owner_name || t('promise.ofQueue')}</span>
						<Tag tone={promiseTone(row, row.soon, now)} icon="receipt">
							{promiseState(row, now)}
						</Tag>
					</li>
				))}
			</ul>
			<Link to="/promises" className="card-more">
				{t('insight.dueAll')}
			</Link>
		</Card>
	);
}
