import { useEffect, useState } from 'react';
import { useDesk } from '../../../context';
import { count } from '../../../format';
import type { OpenerCount, ProactiveRule } from '../../../protocol';
import { t } from '../../../text';
import { Button } from '../../../ui/Button';
import { Field } from '../../../ui/Field';
import { Group } from '../../../ui/Group';
import { Select } from '../../../ui/Select';
import type { SectionProps } from './form';

/** gateway's limits. */
const most = 20;
const longest = 200;
const latest = 3600;

const again = ['0', '1', '7', '30', '90'] as const;

/** What the widget says by itself: to whom, where, and how often. */
export function Proactive({ inbox, settings, set }: SectionProps) {
	const { api } = useDesk();
	const rules = settings.proactive ?? [];
	const [counts, setCounts] = useState<OpenerCount[]>([]);
	useEffect(() => {
		api.openerCounts(inbox.id).then(
			({ data }) => setCounts(data ?? []),
			() => setCounts([]), // the rules can be changed without
		);
	}, [api, inbox.id]);
	const put = (at: number, change: Partial<ProactiveRule>) =>
		set({ proactive: rules.map((rule, i) => (i === at ? { ...rule, ...change } : rule)) });
	const add = () => set({ proactive: [...rules, { id: crypto.randomUUID(), text: '', after: 20 }] });
	return (
		<Group title={t('proactive.title')} words={t('proactive.words')}>
			<ol className="openers">
				{rules.map((rule, i) => (
					<li key={rule.id}>
						<Rule
							rule={rule}
							n={i + 1}
							counted={counts.find((each) => each.rule === rule.id)}
							onChange={(change) => put(i, change)}
							onRemove={() => set({ proactive: rules.filter((_, j) => j !== i) })}
						/>
					</li>
				))}
			</ol>
			<div>
				<Button isDisabled={rules.length >= most} onPress={add}>
					{t('proactive.add')}
				</Button>
			</div>
		</Group>
	);
}

/** Whether the customers of this inbox may send files. */
export function Files({ settings, set }: SectionProps) {
	return (
		<Group title={t('proactive.filesTitle')} words={t('proactive.filesWords')}>
			<Check label={t('proactive.files')} on={!settings.no_files} onChange={(on) => set({ no_files: !on })} />
		</Group>
	);
}

interface RuleProps {
	rule: ProactiveRule;
	n: number;
	counted: OpenerCount | undefined;
	onChange: (change: Partial<ProactiveRule>) => void;
	onRemove: () => void;
}

function Rule({ rule, n, counted, onChange, onRemove }: RuleProps) {
	const days = String(rule.every_days ?? 0);
	const choices = again.some((each) => each === days) ? again : [...again, days];
	return (
		<fieldset className="opener">
			<legend className="vh">{t('proactive.one', { n })}</legend>
			<Field
				label={t('proactive.text')}
				hint={t('proactive.textHint')}
				error={[...rule.text].length > longest ? t('proactive.textLong', { n: longest }) : undefined}
				lines
				value={rule.text}
				onChange={(text) => onChange({ text })}
			/>
			<div className="opener-pair">
				<Field
					label={t('proactive.after')}
					inputMode="numeric"
					maxLength={4}
					error={rule.after > latest ? t('proactive.afterLong', { n: latest }) : undefined}
					value={String(rule.after)}
					onChange={(text) => onChange({ after: Number(text.replace(/\D/g, '')) })}
				/>
				<Select
					label={t('proactive.again')}
					value={days}
					options={choices.map((value) => ({
						value,
						label: value === '0' ? t('proactive.never') : t('proactive.days', { n: value }),
					}))}
					onChange={(value) => onChange({ every_days: Number(value) })}
				/>
			</div>
			<Field
				label={t('proactive.pages')}
				hint={t('proactive.pagesHint')}
				lines
				mono
				placeholder="/checkout/*"
				value={(rule.pages ?? []).join('\n')}
				onChange={(text) => onChange({ pages: text.split('\n') })}
			/>
			<Field
				label={t('proactive.locales')}
				hint={t('proactive.localesHint')}
				mono
				placeholder="de, en-GB"
				value={(rule.locales ?? []).join(',')}
				onChange={(text) => onChange({ locales: text.split(',') })}
			/>
			<Check label={t('proactive.closed')} on={!!rule.closed} onChange={(closed) => onChange({ closed })} />
			<Check label={t('proactive.on')} on={!rule.off} onChange={(on) => onChange({ off: !on })} />
			<div className="opener-foot">
				<span className="quiet num">
					{counted
						? t('proactive.counts', {
								shown: count(counted.shown),
								opened: count(counted.opened),
								answered: count(counted.answered),
							})
						: t('proactive.noCounts')}
				</span>
				<Button kind="quiet" aria-label={t('proactive.removeOne', { n })} onPress={onRemove}>
					{t('proactive.remove')}
				</Button>
			</div>
		</fieldset>
	);
}

function Check({ label, on, onChange }: { label: string; on: boolean; onChange: (on: boolean) => void }) {
	return (
		<label className="check">
			<input type="checkbox" checked={on} onChange={(event) => onChange(event.currentTarget.checked)} />
			<span>{label}</span>
		</label>
	);
}
