import { useCallback, useEffect, useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { type Problem, problemOf } from '../../api';
import { useDesk, useLate, useNow } from '../../context';
import { customerName, percent } from '../../format';
import {
	onShelf,
	owners,
	promiseState,
	promiseText,
	promiseTone,
	queryOf,
	type Shelf,
	shelfOf,
	shelves,
	type Whose,
} from '../../promises';
import type { PromiseList, PromiseRow } from '../../protocol';
import { useStore } from '../../state/store';
import { t } from '../../text';
import { Button } from '../../ui/Button';
import { Bone, Empty, Failure, Tag } from '../../ui/parts';
import { Segmented } from '../../ui/Segmented';
import { useTitle } from '../../ui/title';

/** The ledger of promises: open ones by due time, and those that were settled. The address holds what is shown. */
export default function Promises() {
	const desk = useDesk();
	const [, navigate] = useLocation();
	const { shelf, whose } = shelfOf(useSearch());
	const [list, setList] = useState<PromiseList | null>(null);
	const [problem, setProblem] = useState<Problem | null>(null);
	const late = useLate(list === null && !problem);
	// Something has changed in the inbox: a promise may be made, kept or broken.
	const changed = useStore(desk.inbox);
	useTitle(t('nav.promises'));

	const load = useCallback(
		async (cursor = '') => {
			setProblem(null);
			try {
				const page = await desk.api.promises({ ...queryOf(shelf, whose), cursor });
				setList((before) =>
					cursor && before ? { ...page, data: [...(before.data ?? []), ...(page.data ?? [])] } : page,
				);
			} catch (thrown) {
				setProblem(problemOf(thrown));
			}
		},
		[desk, shelf, whose],
	);
	// biome-ignore lint/correctness/useExhaustiveDependencies: see changed
	useEffect(() => void load(), [load, changed]);

	const go = (to: Shelf, of: Whose) => {
		setList(null);
		navigate(`/promises?state=${to}${of === 'all' ? '' : `&owner=${of}`}`, { replace: true });
	};
	const rows = onShelf(list?.data ?? [], shelf);
	const open = shelf === 'open' || shelf === 'soon';
	return (
		<main className="page ledger" data-pane>
			<header className="page-head">
				<h1>{t('nav.promises')}</h1>
				{list && <Figures list={list} />}
			</header>
			<div className="page-body">
				<div className="ledger-bar">
					<Segmented
						label={t('promise.page.which')}
						value={shelf}
						options={shelves.map((value) => ({ value, label: t(`promise.page.${value}`) }))}
						onChange={(value) => go(value, whose)}
					/>
					{open && (
						<Segmented
							label={t('promise.page.whose')}
							value={whose}
							options={owners.map((value) => ({ value, label: t(`promise.page.${value}`) }))}
							onChange={(value) => go(shelf, value)}
						/>
					)}
				</div>
				{problem && !list && (
					<Failure title={t('promise.page.failed')} retry={<Button onPress={() => load()}>{t('retry')}</Button>}>
						{problem.message}
					</Failure>
				)}
				{late && <Bones />}
				{list && rows.length === 0 && (
					<Empty icon="receipt" title={t(`promise.page.empty.${shelf}`)}>
						{t('promise.page.emptyWords')}
					</Empty>
				)}
				{rows.length > 0 && <Rows rows={rows} />}
				{list?.next_cursor && shelf !== 'soon' && (
					<Button kind="quiet" onPress={() => load(list.next_cursor)}>
						{t('promise.page.more')}
					</Button>
				)}
			</div>
		</main>
	);
}

function Figures({ list: { stats } }: { list: PromiseList }) {
	const all = stats.kept + stats.moved + stats.broken;
	if (all === 0) return null;
	const { kept, moved, broken } = stats;
	return (
		<p className="ledger-figures">
			<b>{t('promise.page.share', { share: percent((kept + moved) / all, true) })}</b>
			<span>{t('promise.page.counts', { kept, moved, broken })}</span>
		</p>
	);
}

function Rows({ rows }: { rows: PromiseRow[] }) {
	const now = useNow();
	return (
		<table className="table ledger-table">
			<thead>
				<tr>
					<th scope="col">{t('promise.page.what')}</th>
					<th scope="col">{t('promise.page.dueBy')}</th>
					<th scope="col">{t('promise.page.customer')}</th>
					<th scope="col">{t('promise.page.owner')}</th>
					<th scope="col">{t('promise.page.receipt')}</th>
				</tr>
			</thead>
			<tbody>
				{rows.map((row) => (
					<tr key={row.id}>
						<th scope="row">
							<Link to={`/inbox/all/${row.conversation}`}>{promiseText(row)}</Link>
							{row.kind === 'answer' && row.subject && <small className="cut">{row.subject}</small>}
						</th>
						<td>
							<Tag tone={promiseTone(row, row.soon, now)} icon={row.state === 'kept' ? 'done' : 'receipt'}>
								{promiseState(row, now)}
							</Tag>
						</td>
						<td>{customerName(row.customer_name)}</td>
						<td>{row.owner_name || t('promise.ofQueue')}</td>
						<td className="mono">{row.number}</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}

function Bones() {
	return (
		<div className="table-bones" aria-hidden="true">
			{['90%', '80%', '85%', '70%'].map((width) => (
				<Bone key={width} width={width} />
			))}
		</div>
	);
}
