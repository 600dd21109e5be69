import { useState } from 'react';
import { useLocation } from 'wouter';
import { type Problem, problemOf } from '../../../api';
import { useDesk, useMe } from '../../../context';
import type { Macro, MacroAction, MacroRequest } from '../../../protocol';
import { can } from '../../../state/inbox';
import { holderWords, macroMinutes } from '../../../state/macros';
import { useStore } from '../../../state/store';
import { t } from '../../../text';
import { Button } from '../../../ui/Button';
import { Confirm } from '../../../ui/Dialog';
import { Field } from '../../../ui/Field';
import { Notice } from '../../../ui/parts';
import { Select } from '../../../ui/Select';
import { useSaveKey } from '../../../ui/save';
import { Head } from '../Head';

// How long a reply may put a conversation off: from an hour to a month.
const snoozes = [60, 240, 1440, 2880, 10080, 43200];

const list = '/settings/macros';

// An attribute that many sites tell; another's name is written in its place.
const example = 'customer.attributes.plan';

/** One canned reply: its code, its text with placeholders, and what is done when it was sent. */
export function MacroForm({ macro }: { macro?: Macro }) {
	const { talk, api } = useDesk();
	const { user } = useMe();
	const [, navigate] = useLocation();
	const placeholders = useStore(talk.placeholders);
	const admin = can(user.role, 'admin');
	const [form, setForm] = useState<MacroRequest>(() => formOf(macro));
	const [theirs, setTheirs] = useState<Macro>();
	const [problem, setProblem] = useState<Problem>();
	const [saving, setSaving] = useState(false);
	const [removing, setRemoving] = useState(false);
	const locked = macro !== undefined && !macro.owner && !admin;
	const changed = JSON.stringify(form) !== JSON.stringify(formOf(macro));
	const set = (part: Partial<MacroRequest>) => setForm((now) => ({ ...now, ...part }));

	const save = async () => {
		if (saving || locked || !changed) return;
		setSaving(true);
		setProblem(undefined);
		try {
			if (macro) await api.saveMacro(macro.id, form);
			else await api.createMacro(form);
			await talk.loadMacros();
			navigate(list);
		} catch (thrown) {
			const why = problemOf(thrown);
			setProblem(why);
			if (why.code !== 'stale') return;
			await talk.loadMacros().catch(() => undefined);
			setTheirs(talk.macros.get()?.find((each) => each.id === macro?.id));
		} finally {
			setSaving(false);
		}
	};
	const remove = async () => {
		if (!macro) return;
		try {
			await api.dropMacro(macro.id);
			await talk.loadMacros();
			navigate(list);
		} catch (thrown) {
			setProblem(problemOf(thrown));
			setRemoving(false);
		}
	};
	/** Goes on with one of two versions. */
	const settle = (next: MacroRequest) => {
		setForm(next);
		setTheirs(undefined);
		setProblem(undefined);
	};
	useSaveKey(save);
	return (
		<main className="page" data-pane>
			<Head
				title={macro ? `/${macro.code}` : t('macros.new')}
				back={{ to: list, label: t('settings.macros') }}
				aside={changed && !locked && <span className="head-aside">{t('settings.unsaved')}</span>}
			>
				{macro && !locked && (
					<Button kind="quiet" onPress={() => setRemoving(true)}>
						{t('macros.remove')}
					</Button>
				)}
				<Button kind="primary" busy={saving} isDisabled={!changed || locked} onPress={save}>
					{t('macros.save')}
				</Button>
			</Head>
			<div className="page-body macro-form">
				{locked && <Notice tone="info">{t('macros.readOnly')}</Notice>}
				{problem && !theirs && <Notice tone="bad">{problem.message}</Notice>}
				{theirs && (
					<Notice
						tone="warn"
						action={
							<>
								<Button onPress={() => settle(formOf(theirs))}>{t('macros.takeTheirs')}</Button>
								<Button onPress={() => settle({ ...form, revision: theirs.revision })}>{t('macros.keepMine')}</Button>
							</>
						}
					>
						{t('macros.stale')}
						<span className="macro-theirs">{theirs.text}</span>
					</Notice>
				)}
				<div className="macro-pair">
					<Field
						label={t('macros.code')}
						hint={t('macros.codeHint')}
						mono
						maxLength={32}
						isReadOnly={locked}
						value={form.code}
						onChange={(code) => set({ code: code.toLowerCase() })}
					/>
					<Field
						label={t('macros.name')}
						maxLength={80}
						isReadOnly={locked}
						value={form.name}
						onChange={(name) => set({ name })}
					/>
				</div>
				<Field
					label={t('macros.text')}
					hint={form.text.includes('{{customer.attributes.') ? t('macros.attributeHint') : undefined}
					lines
					maxLength={8192}
					isReadOnly={locked}
					value={form.text}
					onChange={(text) => set({ text })}
				/>
				{!locked && (
					<fieldset className="macro-holders">
						<legend>{t('macros.insert')}</legend>
						{[...placeholders, example].map((name) => (
							<button
								key={name}
								type="button"
								className="chip"
								onClick={() => set({ text: withHolder(form.text, name) })}
							>
								{name === example ? t('macros.attribute') : holderWords(name)}
							</button>
						))}
					</fieldset>
				)}
				<After actions={form.actions ?? []} locked={locked} onChange={(actions) => set({ actions })} />
				{admin && (
					<label className="check">
						<input
							type="checkbox"
							checked={form.shared ?? false}
							onChange={(event) => set({ shared: event.target.checked })}
						/>
						<span>
							{t('macros.forAll')}
							<small>{t('macros.forAllHint')}</small>
						</span>
					</label>
				)}
			</div>
			<Confirm
				title={t('macros.removeTitle', { code: macro?.code ?? '' })}
				action={t('macros.remove')}
				danger
				isOpen={removing}
				onConfirm={remove}
				onClose={() => setRemoving(false)}
			>
				{t('macros.removeWords')}
			</Confirm>
		</main>
	);
}

/** What is done when the reply was sent: at most one of each. */
function After({
	actions,
	locked,
	onChange,
}: {
	actions: MacroAction[];
	locked: boolean;
	onChange: (actions: MacroAction[]) => void;
}) {
	const of = (verb: MacroAction['do']) => actions.find((each) => each.do === verb);
	const put = (verb: MacroAction['do'], next?: MacroAction) =>
		onChange([...actions.filter((each) => each.do !== verb), ...(next ? [next] : [])]);
	return (
		<fieldset className="macro-after" disabled={locked}>
			<legend>{t('macros.after')}</legend>
			<Field
				label={t('macros.afterTag')}
				maxLength={40}
				isReadOnly={locked}
				value={of('tag')?.tag ?? ''}
				onChange={(tag) => put('tag', tag ? { do: 'tag', tag } : undefined)}
			/>
			<Select
				label={t('macros.afterSnooze')}
				value={String(of('snooze')?.minutes ?? 0)}
				isDisabled={locked}
				options={[
					{ value: '0', label: t('macros.never') },
					...snoozes.map((minutes) => ({ value: String(minutes), label: macroMinutes(minutes) })),
				]}
				onChange={(minutes) => put('snooze', minutes === '0' ? undefined : { do: 'snooze', minutes: Number(minutes) })}
			/>
			<label className="check">
				<input
					type="checkbox"
					checked={of('close') !== undefined}
					onChange={(event) => put('close', event.target.checked ? { do: 'close' } : undefined)}
				/>
				<span>{t('macros.afterClose')}</span>
			</label>
		</fieldset>
	);
}

function formOf(macro: Macro | undefined): MacroRequest {
	if (!macro) return { code: '', name: '', text: '', actions: [], shared: false };
	const { code, name, text, actions, owner, revision } = macro;
	return { code, name, text, actions: actions ?? [], shared: !owner, revision };
}

/** The text with a placeholder at its end, a space before it. */
function withHolder(text: string, name: string): string {
	return `${text}${/\S$/.test(text) ? ' ' : ''}{{${name}}}`;
}
