import { useCallback, useEffect, useState } from 'react';
import { problemOf } from '../../../api';
import { useDesk } from '../../../context';
import { clock, count, plain as typed } from '../../../format';
import type { Allowance, Budget, BudgetView } from '../../../protocol';
import { t } from '../../../text';
import { Button } from '../../../ui/Button';
import { Field } from '../../../ui/Field';
import { Notice } from '../../../ui/parts';
import { useSaveKey } from '../../../ui/save';
import { useLoaded } from '../loading';

type Part = 'visitor' | 'inbox' | 'workspace';
type Form = Record<Part, { tokens: string; money: string }>;

const digits = (text: string) => text.replace(/[\s.,’']/g, '');

function formOf(budget: Budget): Form {
	const of = (a: Allowance) => ({
		tokens: a.tokens ? count(a.tokens) : '',
		money: a.micros ? typed(a.micros / 1e6) : '',
	});
	return { visitor: of(budget.visitor), inbox: of(budget.inbox), workspace: of(budget.workspace) };
}

/** The number that was typed, 0 for none, undefined for what is no number. */
function tokensOf(text: string): number | undefined {
	const plain = digits(text);
	return plain === '' ? 0 : /^\d{1,15}$/.test(plain) ? Number(plain) : undefined;
}

function microsOf(text: string): number | undefined {
	const plain = text.trim().replace(',', '.');
	return plain === '' ? 0 : /^\d{1,9}(\.\d{1,6})?$/.test(plain) ? Math.round(Number(plain) * 1e6) : undefined;
}

function budgetOf(form: Form): Budget | undefined {
	const out = {} as Budget;
	for (const part of ['visitor', 'inbox', 'workspace'] as const) {
		const tokens = tokensOf(form[part].tokens);
		const micros = microsOf(form[part].money);
		if (tokens === undefined || micros === undefined) return undefined;
		out[part] = { tokens, micros };
	}
	return out;
}

interface Props {
	/** Whose budget: '' for all inboxes. */
	inbox: string;
	currency: string;
	onSaved: () => void;
}

export function BudgetForm({ inbox, currency, onSaved }: Props) {
	const { api } = useDesk();
	const load = useCallback(() => api.budget(inbox), [api, inbox]);
	const { value, set, problem, reload } = useLoaded<BudgetView>(load);
	if (problem && !value)
		return (
			<Notice tone="bad" action={<Button onPress={reload}>{t('retry')}</Button>}>
				{problem.message}
			</Notice>
		);
	if (!value) return null;
	return (
		<Loaded
			inbox={inbox}
			currency={currency}
			view={value}
			onReload={reload}
			onSaved={(view) => {
				set(view);
				onSaved();
			}}
		/>
	);
}

interface LoadedProps {
	inbox: string;
	currency: string;
	view: BudgetView;
	onSaved: (view: BudgetView) => void;
	onReload: () => void;
}

function Loaded({ inbox, currency, view, onSaved, onReload }: LoadedProps) {
	const { api } = useDesk();
	const [form, setForm] = useState(() => formOf(view.budget));
	const [saving, setSaving] = useState(false);
	const [savedAt, setSavedAt] = useState(0);
	const [failure, setFailure] = useState<{ words: string; stale: boolean } | null>(null);
	useEffect(() => setForm(formOf(view.budget)), [view]);
	const budget = budgetOf(form);
	const changed = JSON.stringify(form) !== JSON.stringify(formOf(view.budget));

	const put = async (next?: Budget) => {
		if (saving) return;
		setSaving(true);
		setFailure(null);
		try {
			onSaved(await api.setBudget({ inbox: inbox || undefined, revision: view.revision, budget: next }));
			setSavedAt(Date.now());
		} catch (thrown) {
			const why = problemOf(thrown);
			setFailure({ words: why.message, stale: why.code === 'stale' });
		} finally {
			setSaving(false);
		}
	};
	const save = () => {
		if (changed && budget) void put(budget);
	};
	useSaveKey(save);
	const change = (part: Part, key: 'tokens' | 'money', text: string) =>
		setForm((now) => ({ ...now, [part]: { ...now[part], [key]: text } }));
	const parts: Part[] = inbox ? ['visitor', 'inbox'] : ['visitor', 'inbox', 'workspace'];
	return (
		<div className="budget">
			{parts.map((part) => (
				<fieldset key={part} className="budget-part">
					<legend className="field-label">{t(`budget.${part}`)}</legend>
					<Field
						label={t('budget.tokens')}
						inputMode="numeric"
						value={form[part].tokens}
						error={tokensOf(form[part].tokens) === undefined ? t('budget.tokensFault') : undefined}
						placeholder={t('budget.noLimit')}
						onChange={(text) => change(part, 'tokens', text)}
					/>
					{currency && (
						<Field
							label={t('budget.money', { currency })}
							inputMode="decimal"
							value={form[part].money}
							error={microsOf(form[part].money) === undefined ? t('budget.moneyFault') : undefined}
							placeholder={t('budget.noLimit')}
							onChange={(text) => change(part, 'money', text)}
						/>
					)}
				</fieldset>
			))}
			{failure && (
				<Notice
					tone="bad"
					action={
						failure.stale ? (
							<Button onPress={onReload}>{t('settings.takeTheirs')}</Button>
						) : (
							<Button onPress={save}>{t('retry')}</Button>
						)
					}
				>
					{t('settings.notSaved', { reason: failure.words })}
				</Notice>
			)}
			<div className="budget-acts">
				<Button kind="primary" busy={saving} isDisabled={!changed || !budget} onPress={save}>
					{t('budget.save')}
				</Button>
				{view.set && (
					<Button isDisabled={saving} onPress={() => void put()}>
						{t(inbox ? 'budget.asAll' : 'budget.asDefault')}
					</Button>
				)}
				<span className="head-aside num" role="status">
					{changed ? t('settings.unsaved') : savedAt > 0 && t('settings.savedAt', { time: clock(savedAt) })}
				</span>
			</div>
		</div>
	);
}
