import { useCallback, useEffect, useState } from 'react';
import { useSearchParams } from 'wouter';
import { problemOf } from '../../../api';
import { useDesk, useMe, useNow } from '../../../context';
import { clock, longDay, when } from '../../../format';
import type { AuditAction, AuditEntry, StaffMember, StaffSettings } from '../../../protocol';
import { can } from '../../../state/inbox';
import { type Key, t } from '../../../text';
import { en } from '../../../text/en';
import { Button } from '../../../ui/Button';
import { Bone, Empty, Failure, Notice } from '../../../ui/parts';
import { Select } from '../../../ui/Select';
import { Head } from '../Head';

const spans = [90, 180, 400, 730, 1825];

/** Who did what, newest first. The filters are in the address. */
export default function Audit() {
	const { api } = useDesk();
	const [search, setSearch] = useSearchParams();
	const actor = search.get('actor') ?? '';
	const action = search.get('action') ?? '';
	const [entries, setEntries] = useState<AuditEntry[] | null>(null);
	const [next, setNext] = useState('');
	const [actions, setActions] = useState<AuditAction[]>([]);
	const [people, setPeople] = useState<StaffMember[]>([]);
	const [settings, setSettings] = useState<StaffSettings | null>(null);
	const [problem, setProblem] = useState('');

	const load = useCallback(
		async (cursor: string) => {
			setProblem('');
			try {
				const page = await api.audit({ actor, action }, cursor);
				setEntries((now) => (cursor ? [...(now ?? []), ...(page.data ?? [])] : (page.data ?? [])));
				setNext(page.next_cursor);
			} catch (thrown) {
				setProblem(problemOf(thrown).message);
			}
		},
		[api, actor, action],
	);
	useEffect(() => {
		setEntries(null);
		void load('');
	}, [load]);
	useEffect(() => {
		Promise.all([api.auditActions(), api.users(), api.staffSettings()]).then(
			([known, users, staff]) => {
				setActions(known.data ?? []);
				setPeople(users.data ?? []);
				setSettings(staff.settings);
			},
			(thrown) => setProblem(problemOf(thrown).message),
		);
	}, [api]);

	const set = (name: string, value: string) =>
		setSearch((now) => {
			const then = new URLSearchParams(now);
			if (value) then.set(name, value);
			else then.delete(name);
			return then;
		});
	const named = new Map(actions.map((a) => [a.action, wordsOf(a)]));
	const query = new URLSearchParams({ format: 'csv', ...(actor && { actor }), ...(action && { action }) });
	return (
		<main className="page" data-pane aria-busy={!entries && !problem}>
			<Head title={t('settings.audit')}>
				<a className="btn btn-default" href={`/api/v1/audit/export?${query}`} download>
					<span>{t('audit.export')}</span>
				</a>
			</Head>
			<div className="page-body">
				<div className="audit-filters">
					<Select
						label={t('audit.who')}
						value={actor}
						options={[
							{ value: '', label: t('audit.everybody') },
							...people.map((p) => ({ value: p.id, label: p.name })),
						]}
						onChange={(value) => set('actor', value)}
					/>
					<Select
						label={t('audit.what')}
						value={action}
						options={[
							{ value: '', label: t('audit.everything') },
							...actions.map((a) => ({ value: a.action, label: wordsOf(a) })),
						]}
						onChange={(value) => set('action', value)}
					/>
					{settings && <Keep settings={settings} onChange={setSettings} />}
				</div>
				{problem && !entries && (
					<Failure title={t('settings.failed')} retry={<Button onPress={() => load('')}>{t('retry')}</Button>}>
						{problem}
					</Failure>
				)}
				{problem && entries && <Notice tone="bad">{problem}</Notice>}
				{!entries && !problem && <Bone width="60%" />}
				{entries?.length === 0 && (
					<Empty icon="history" title={t('audit.none')}>
						{t('audit.noneWords')}
					</Empty>
				)}
				{entries && entries.length > 0 && <Rows entries={entries} named={named} people={people} />}
				{next && (
					<div className="audit-more">
						<Button onPress={() => load(next)}>{t('audit.more')}</Button>
					</div>
				)}
			</div>
		</main>
	);
}

/** For how long the log is kept; owners choose. */
function Keep({ settings, onChange }: { settings: StaffSettings; onChange: (s: StaffSettings) => void }) {
	const { api } = useDesk();
	const { user } = useMe();
	const [problem, setProblem] = useState('');
	if (!can(user.role, 'owner')) return <p className="quiet">{t('audit.keepWords', { days: settings.audit_days })}</p>;
	const days = [...new Set([...spans, settings.audit_days])].sort((a, b) => a - b);
	return (
		<>
			<Select
				label={t('audit.keep')}
				value={String(settings.audit_days)}
				options={days.map((n) => ({ value: String(n), label: String(n) }))}
				onChange={(value) =>
					api.saveStaffSettings({ ...settings, audit_days: Number(value) }).then(
						(saved) => onChange(saved.settings),
						(thrown) => setProblem(problemOf(thrown).message),
					)
				}
			/>
			{problem && <Notice tone="bad">{problem}</Notice>}
		</>
	);
}

/** What was done, in the words of the language where it has them; else in the API's own. */
function wordsOf({ action, summary }: AuditAction): string {
	const key = `audit.action.${action}`;
	return key in en ? t(key as Key) : summary;
}

interface RowsProps {
	entries: AuditEntry[];
	named: Map<string, string>;
	people: StaffMember[];
}

function Rows({ entries, named, people }: RowsProps) {
	const now = useNow();
	const names = new Map(people.map((p) => [p.id, p.name]));
	return (
		<table className="table audit">
			<thead>
				<tr>
					<th scope="col">{t('audit.when')}</th>
					<th scope="col">{t('audit.who')}</th>
					<th scope="col">{t('audit.what')}</th>
					<th scope="col" className="from-m">
						{t('audit.from')}
					</th>
				</tr>
			</thead>
			<tbody>
				{entries.map((e) => (
					<tr key={e.id}>
						<td className="num">
							<time dateTime={e.at} title={`${longDay(e.at)}, ${clock(e.at)}`}>
								{when(e.at, now)}
							</time>
						</td>
						<th scope="row">{whoOf(e)}</th>
						<td>
							{named.get(e.action) ?? e.action}
							<small className="quiet">{moreOf(e, names)}</small>
						</td>
						<td className="from-m num">{e.address}</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}

/** What it was done to, unless to oneself, and what the log says more. */
function moreOf({ actor, object, detail }: AuditEntry, names: Map<string, string>): string {
	const on = object.id === '' || object.id === actor.id ? [] : [names.get(object.id) ?? `${object.kind} ${object.id}`];
	return [...on, ...Object.entries(detail).map(([key, value]) => `${key}: ${value}`)].join(', ');
}

function whoOf({ actor }: AuditEntry): string {
	if (actor.kind === 'user') return actor.name;
	return t(actor.kind === 'operator' ? 'audit.operator' : 'audit.nobody');
}
