import { useCallback, useState } from 'react';
import { useDesk, useMe, useNow } from '../../../context';
import { due } from '../../../format';
import type { ModelEndpoint, ModelStatus, SpendList } from '../../../protocol';
import { t, tn } from '../../../text';
import { Button } from '../../../ui/Button';
import { Bone, Empty, Failure, Notice, Tag } from '../../../ui/parts';
import { Segmented } from '../../../ui/Segmented';
import type { AreaProps } from '../area';
import { Head } from '../Head';
import { useLoaded } from '../loading';
import { BudgetForm } from './BudgetForm';
import { Use } from './Use';

interface Loaded {
	status: ModelStatus;
	spending: SpendList;
}

/** Which language models there are, what they used, and what they may use in a day. */
export default function Models(_: AreaProps) {
	const { api } = useDesk();
	const load = useCallback(async (): Promise<Loaded> => {
		const [status, spending] = await Promise.all([api.models(), api.spending(30)]);
		return { status, spending };
	}, [api]);
	const { value, problem, late, reload } = useLoaded(load);
	return (
		<main className="page" data-pane>
			<Head title={t('settings.models')} />
			<div className="page-body models">
				{problem && !value && (
					<Failure title={t('settings.failed')} retry={<Button onPress={reload}>{t('retry')}</Button>}>
						{problem.message}
					</Failure>
				)}
				{late && (
					<div className="form-bones" role="status" aria-label={t('app.loading')}>
						{['28%', '64%', '40%', '72%'].map((width) => (
							<Bone key={width} width={width} height={12} />
						))}
					</div>
				)}
				{value && !value.status.connected && (
					<Empty icon="chat" title={t('models.none')}>
						{t('models.noneWords')}
					</Empty>
				)}
				{value?.status.connected && <Connected {...value} onChanged={reload} />}
			</div>
		</main>
	);
}

function Connected({ status, spending, onChanged }: Loaded & { onChanged: () => void }) {
	const now = useNow();
	const inboxes = useMe().inboxes ?? [];
	const [scope, setScope] = useState('');
	const full = status.workspace.used_up ? [] : status.inboxes.filter((inbox) => inbox.used_up !== '');
	return (
		<>
			{status.workspace.used_up && (
				<Notice tone="warn">{t('models.usedUp', { time: due(status.resets_at, now) })}</Notice>
			)}
			{full.map((inbox) => (
				<Notice key={inbox.id} tone="warn">
					{t('models.usedUpInbox', { inbox: inbox.name, time: due(status.resets_at, now) })}
				</Notice>
			))}
			<Endpoints endpoints={status.endpoints} now={now} />
			<Use spending={spending.data} status={status} />
			<section className="form-group" aria-labelledby="budget-title">
				<div className="form-group-head">
					<h2 id="budget-title">{t('budget.title')}</h2>
					<p>{t('budget.words')}</p>
				</div>
				{inboxes.length > 1 && (
					<Segmented
						label={t('budget.of')}
						value={scope}
						options={[
							{ value: '', label: t('budget.everywhere') },
							...inboxes.map((inbox) => ({ value: inbox.id, label: inbox.name })),
						]}
						onChange={setScope}
					/>
				)}
				<BudgetForm key={scope} inbox={scope} currency={status.currency} onSaved={onChanged} />
			</section>
		</>
	);
}

function Endpoints({ endpoints, now }: { endpoints: ModelEndpoint[]; now: number }) {
	return (
		<table className="table">
			<caption>{tn('models.endpoints', endpoints.length)}</caption>
			<thead>
				<tr>
					<th scope="col">{t('models.endpoint')}</th>
					<th scope="col" className="from-m">
						{t('models.model')}
					</th>
					<th scope="col">{t('models.state')}</th>
				</tr>
			</thead>
			<tbody>
				{endpoints.map((endpoint) => (
					<tr key={endpoint.name}>
						<th scope="row" className="cut">
							{endpoint.name}
						</th>
						<td className="from-m">{endpoint.model}</td>
						<td>
							<span className="tags">
								<Tag tone={endpoint.up ? 'ok' : 'warn'}>{t(endpoint.up ? 'models.up' : 'models.down')}</Tag>
								{endpoint.fault && endpoint.at && (
									<small className="quiet">
										{t('models.lastFault', { fault: endpoint.fault.replace('_', ' '), time: due(endpoint.at, now) })}
									</small>
								)}
							</span>
						</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}
