import { useCallback, useState } from 'react';
import { Link } from 'wouter';
import { problemOf } from '../../../api';
import { useDesk } from '../../../context';
import { fullDate, when } from '../../../format';
import type { Call, CallList } from '../../../protocol';
import { type Key, t } from '../../../text';
import { Button } from '../../../ui/Button';
import { Empty, Notice, Tag, type Tone } from '../../../ui/parts';
import { Head } from '../Head';
import { Bones, LoadFailure, useLoaded } from '../loading';
import { base } from './parts';

const tones: Partial<Record<Call['state'], Tone>> = {
	done: 'ok',
	failed: 'warn',
	unknown: 'bad',
	running: 'info',
	proposed: 'info',
};

/** Who used what, with what, and how it went. */
export function Uses() {
	const { api } = useDesk();
	const load = useCallback(() => api.calls(), [api]);
	const { value, set, problem, late, reload } = useLoaded<CallList>(load);
	const [refused, setRefused] = useState('');
	const more = async () => {
		try {
			const next = await api.calls(value?.next);
			set({ data: [...(value?.data ?? []), ...(next.data ?? [])], next: next.next });
		} catch (thrown) {
			setRefused(problemOf(thrown).message);
		}
	};
	const calls = value?.data ?? [];
	return (
		<main className="page" data-pane>
			<Head title={t('actions.uses')} back={{ to: base, label: t('actions.back') }} />
			<div className="page-body">
				{problem && <LoadFailure problem={problem} retry={reload} />}
				{late && <Bones />}
				{value && calls.length === 0 && (
					<Empty icon="history" title={t('actions.noUses')}>
						{t('actions.noUsesWords')}
					</Empty>
				)}
				{calls.length > 0 && (
					<table className="table actions">
						<thead>
							<tr>
								<th scope="col">{t('actions.name')}</th>
								<th scope="col">{t('actions.state')}</th>
								<th scope="col">{t('actions.when')}</th>
							</tr>
						</thead>
						<tbody>
							{calls.map((c) => (
								<tr key={c.id}>
									<th scope="row">
										<Link to={`/inbox/all/${c.conversation}`} className="row-link">
											{c.title}
										</Link>
										<small className="cut">{c.rows.map((r) => `${r.label}: ${r.value}`).join(', ')}</small>
									</th>
									<td>
										<Tag tone={tones[c.state] ?? 'line'}>{t(`call.${c.state}` as Key)}</Tag>
										{c.error && <small>{c.error}</small>}
									</td>
									<td className="num">
										<time dateTime={c.created_at} title={fullDate(c.created_at)}>
											{when(c.created_at, Date.now())}
										</time>
									</td>
								</tr>
							))}
						</tbody>
					</table>
				)}
				{refused && <Notice tone="bad">{refused}</Notice>}
				{value?.next && <Button onPress={more}>{t('actions.more')}</Button>}
			</div>
		</main>
	);
}
