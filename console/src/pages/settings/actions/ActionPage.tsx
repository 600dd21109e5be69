import { useState } from 'react';
import { useLocation } from 'wouter';
import { problemOf } from '../../../api';
import { useDesk } from '../../../context';
import type { ActionTried } from '../../../protocol';
import { type Action, replaced, requestOf } from '../../../state/actions';
import { t } from '../../../text';
import { Button } from '../../../ui/Button';
import { Confirm } from '../../../ui/Dialog';
import { Field } from '../../../ui/Field';
import { Notice } from '../../../ui/parts';
import { useSaveKey } from '../../../ui/save';
import { Head } from '../Head';
import { type ActionsProps, base, KindTag, Refusal } from './parts';

const lines = (text: string) =>
	text
		.split('\n')
		.map((l) => l.trim())
		.filter(Boolean);

/** One action: what is said, how it is asked for, the whole declaration, and a trial. */
export function ActionPage({ action, config, save }: ActionsProps & { action: Action }) {
	const [, navigate] = useLocation();
	const [form, setForm] = useState(action);
	const [raw, setRaw] = useState(() => JSON.stringify(action, null, 2));
	const [triggers, setTriggers] = useState((action.triggers ?? []).join('\n'));
	const [busy, setBusy] = useState(false);
	const [refused, setRefused] = useState('');
	const [removing, setRemoving] = useState(false);
	const change = (part: Partial<Action>) => {
		const next = { ...form, ...part };
		setForm(next);
		setRaw(JSON.stringify(next, null, 2));
	};
	const write = (text: string) => {
		setRaw(text);
		try {
			const next = JSON.parse(text) as Action;
			setForm(next);
			setTriggers((next.triggers ?? []).join('\n'));
			setRefused('');
		} catch {
			setRefused(t('actions.noJSON'));
		}
	};
	const changed = JSON.stringify(form) !== JSON.stringify(action);
	const put = async () => {
		if (!changed || busy) return;
		setBusy(true);
		const words = await save(replaced(config, action.name, form));
		setBusy(false);
		setRefused(words);
		if (!words && form.name !== action.name) navigate(`${base}/of/${encodeURIComponent(form.name)}`);
	};
	useSaveKey(put);
	return (
		<main className="page" data-pane>
			<Head title={action.title} back={{ to: base, label: t('actions.back') }} aside={<KindTag action={form} />}>
				<Button kind="quiet" onPress={() => setRemoving(true)}>
					{t('actions.remove')}
				</Button>
				<Button kind="primary" busy={busy} isDisabled={!changed} onPress={put}>
					{t('settings.save')}
				</Button>
			</Head>
			<Refusal words={refused} />
			<div className="page-body voice-style">
				<div className="voice-form">
					<Field label={t('actions.title')} value={form.title} onChange={(title) => change({ title })} />
					<Field
						label={t('actions.say')}
						hint={t('actions.sayHint')}
						value={form.say}
						onChange={(say) => change({ say })}
						lines
					/>
					{form.write ? (
						<Field
							label={t('actions.confirm')}
							hint={t('actions.confirmHint')}
							value={form.confirm ?? ''}
							onChange={(confirm) => change({ confirm })}
						/>
					) : (
						<Field
							label={t('actions.absent')}
							hint={t('actions.absentHint')}
							value={form.absent ?? ''}
							onChange={(absent) => change({ absent })}
						/>
					)}
					<Field
						label={t('actions.triggers')}
						hint={t('actions.triggersHint')}
						value={triggers}
						onChange={(text) => {
							setTriggers(text);
							change({ triggers: lines(text) });
						}}
						lines
					/>
					<Field label={t('actions.raw')} hint={t('actions.rawHint')} value={raw} onChange={write} lines mono />
				</div>
				<Trial action={form} value={replaced(config, action.name, form)} />
			</div>
			<Confirm
				title={t('actions.removeTitle', { title: action.title })}
				action={t('actions.remove')}
				danger
				isOpen={removing}
				onClose={() => setRemoving(false)}
				onConfirm={async () => {
					setRemoving(false);
					const words = await save(replaced(config, action.name, null));
					if (words) setRefused(words);
					else navigate(base);
				}}
			>
				{t('actions.removeWords')}
			</Confirm>
		</main>
	);
}

/** A look-up with given arguments, as the action is written now. */
function Trial({ action, value }: { action: Action; value: unknown }) {
	const { api } = useDesk();
	const [args, setArgs] = useState<Record<string, string>>({});
	const [busy, setBusy] = useState(false);
	const [got, setGot] = useState<ActionTried | null>(null);
	const [refused, setRefused] = useState('');
	const parameters = Object.entries(action.parameters?.properties ?? {}) as [
		string,
		{ title?: string; type?: string; pattern?: string },
	][];
	const run = async () => {
		setBusy(true);
		setRefused('');
		setGot(null);
		const typed = parameters
			.filter(([name]) => args[name])
			.map(([name, p]) => [name, p.type === 'string' ? args[name] : JSON.parse(args[name] ?? 'null')]);
		try {
			setGot(await api.tryAction({ value, action: action.name, args: Object.fromEntries(typed) }));
		} catch (thrown) {
			setRefused(problemOf(thrown).message);
		}
		setBusy(false);
	};
	return (
		<section className="example" aria-label={t('actions.trial')}>
			<div className="form-group-head">
				<h2>{t('actions.trial')}</h2>
				<p>
					{t('actions.asks')} <span className="mono">{requestOf(action)}</span>
				</p>
			</div>
			{action.write ? (
				<Notice tone="info">{t('actions.noTrial')}</Notice>
			) : (
				<>
					{parameters.map(([name, p]) => (
						<Field
							key={name}
							label={p.title ?? name}
							hint={p.pattern && t('actions.form', { pattern: p.pattern })}
							value={args[name] ?? ''}
							onChange={(v) => setArgs({ ...args, [name]: v })}
						/>
					))}
					<div>
						<Button busy={busy} onPress={run}>
							{t('actions.try')}
						</Button>
					</div>
					<div role="status" className="action-tried">
						{refused && <Notice tone="bad">{refused}</Notice>}
						{got?.error && <Notice tone="warn">{t('actions.handedOver', { reason: got.error })}</Notice>}
						{got?.text && <blockquote>{got.text}</blockquote>}
						{got && <small className="num">{t('actions.took', { ms: got.took_ms, code: got.code || '–' })}</small>}
					</div>
				</>
			)}
		</section>
	);
}
