import { useCallback, useEffect, useState } from 'react';
import { problemOf } from '../../../api';
import { useDesk } from '../../../context';
import type { Routing as RoutingOf, RoutingView, Team } from '../../../protocol';
import { t } from '../../../text';
import { Button } from '../../../ui/Button';
import { Field } from '../../../ui/Field';
import { Group } from '../../../ui/Group';
import { Bone, Failure } from '../../../ui/parts';
import { Segmented } from '../../../ui/Segmented';
import { Head } from '../Head';
import { SavingHead, useSaving } from '../Saving';
import { Rules } from './Rules';

interface Loaded {
	view: RoutingView;
	teams: Team[];
}

/** How conversations that wait come to agents. */
export default function Routing() {
	const { api } = useDesk();
	const [loaded, setLoaded] = useState<Loaded | null>(null);
	const [problem, setProblem] = useState('');
	const load = useCallback(() => {
		setProblem('');
		Promise.all([api.routing(), api.teams()]).then(
			([view, teams]) => setLoaded({ view, teams: teams.data ?? [] }),
			(thrown) => setProblem(problemOf(thrown).message),
		);
	}, [api]);
	useEffect(load, [load]);
	if (problem && !loaded)
		return (
			<main className="page" data-pane>
				<Head title={t('settings.routing')} />
				<Failure title={t('settings.failed')} retry={<Button onPress={load}>{t('retry')}</Button>}>
					{problem}
				</Failure>
			</main>
		);
	if (!loaded)
		return (
			<main className="page" data-pane aria-busy="true">
				<Head title={t('settings.routing')} />
				<div className="page-body mail">
					<Bone width="40%" />
					<Bone width="60%" />
				</div>
			</main>
		);
	// One that was loaded anew is another page: what was typed over the old one goes.
	return <Page key={loaded.view.revision} view={loaded.view} teams={loaded.teams} onReload={load} />;
}

/** A number as it is typed; undefined for one that is outside of the bounds. */
export function numberIn(text: string, from: number, to: number): number | undefined {
	const n = /^\d{1,4}$/.test(text.trim()) ? Number(text) : Number.NaN;
	return n >= from && n <= to ? n : undefined;
}

function Page({ view, teams, onReload }: { view: RoutingView; teams: Team[]; onReload: () => void }) {
	const { api } = useDesk();
	const [stored, setStored] = useState(view);
	const [form, setForm] = useState<RoutingOf>(view.routing);
	const [typed, setTyped] = useState({ seconds: String(form.offer_seconds), capacity: String(form.capacity) });
	const seconds = numberIn(typed.seconds, 5, 600);
	const capacity = numberIn(typed.capacity, 1, 100);
	const wanted = { ...form, offer_seconds: seconds ?? 0, capacity: capacity ?? 0 };
	const changed = JSON.stringify(wanted) !== JSON.stringify(stored.routing);
	const able = changed && seconds !== undefined && capacity !== undefined;
	const set = (part: Partial<RoutingOf>) => setForm((now) => ({ ...now, ...part }));
	const saving = useSaving(able, async () => {
		const saved = await api.saveRouting({ revision: stored.revision, routing: wanted });
		setStored(saved);
		setForm(saved.routing);
	});
	const manual = form.mode === 'manual';
	return (
		<main className="page" data-pane>
			<SavingHead title={t('settings.routing')} saving={saving} changed={changed} able={able} onTakeTheirs={onReload} />
			<div className="page-body mail routing">
				<Group title={t('routing.mode')} words={t(`routing.modeWords.${form.mode}`)}>
					<Segmented
						label={t('routing.mode')}
						value={form.mode}
						options={(['manual', 'offer', 'assign'] as const).map((value) => ({
							value,
							label: t(`routing.mode.${value}`),
						}))}
						onChange={(mode) => set({ mode })}
					/>
					{form.mode === 'offer' && (
						<Field
							label={t('routing.seconds')}
							hint={t('routing.secondsHint')}
							inputMode="numeric"
							value={typed.seconds}
							onChange={(text) => setTyped((now) => ({ ...now, seconds: text }))}
							error={seconds === undefined ? t('routing.secondsFault') : undefined}
						/>
					)}
				</Group>
				{!manual && (
					<Group title={t('routing.pick')} words={t(`routing.pickWords.${form.pick}`)}>
						<Segmented
							label={t('routing.pick')}
							value={form.pick}
							options={(['least_loaded', 'round_robin'] as const).map((value) => ({
								value,
								label: t(`routing.pick.${value}`),
							}))}
							onChange={(pick) => set({ pick })}
						/>
						<Field
							label={t('routing.capacity')}
							hint={t('routing.capacityHint')}
							inputMode="numeric"
							value={typed.capacity}
							onChange={(text) => setTyped((now) => ({ ...now, capacity: text }))}
							error={capacity === undefined ? t('routing.capacityFault') : undefined}
						/>
						<Check on={form.sticky} words={t('routing.sticky')} onChange={(sticky) => set({ sticky })} />
						<Check on={form.hours_only} words={t('routing.hoursOnly')} onChange={(hours_only) => set({ hours_only })} />
					</Group>
				)}
				<Group title={t('routing.ahead')} words={t('routing.aheadWords')}>
					<Check on={form.at_risk} words={t('routing.atRisk')} onChange={(at_risk) => set({ at_risk })} />
				</Group>
				<Group title={t('routing.rules')} words={t('routing.rulesWords')}>
					<Rules rules={form.rules ?? []} teams={teams} onChange={(rules) => set({ rules })} />
				</Group>
			</div>
		</main>
	);
}

function Check({ on, words, onChange }: { on: boolean; words: string; onChange: (on: boolean) => void }) {
	return (
		<label className="check">
			<input type="checkbox" checked={on} onChange={(e) => onChange(e.currentTarget.checked)} />
			<span>{words}</span>
		</label>
	);
}
