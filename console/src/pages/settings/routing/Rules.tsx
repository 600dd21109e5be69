import { useMe } from '../../../context';
import type { RoutingRule, Team } from '../../../protocol';
import { t } from '../../../text';
import { Button, IconButton } from '../../../ui/Button';
import { Field } from '../../../ui/Field';
import { Select } from '../../../ui/Select';
import { reasons, reasonWords } from '../../inbox/ReasonTag';

const fields = ['words', 'page', 'language', 'attribute', 'reason', 'inbox'] as const;
const fresh: RoutingRule = { field: 'words', value: '', skills: [], priority: '' };
const nobody = '00000000-0000-0000-0000-000000000000';

interface Props {
	rules: RoutingRule[];
	teams: Team[];
	onChange: (rules: RoutingRule[]) => void;
}

/** What conversations of a kind need: each rule that matches counts. */
export function Rules({ rules, teams, onChange }: Props) {
	const change = (at: number, part: Partial<RoutingRule>) =>
		onChange(rules.map((rule, i) => (i === at ? { ...rule, ...part } : rule)));
	return (
		<>
			{rules.length > 0 && (
				<ol className="rules">
					{rules.map((rule, i) => (
						// biome-ignore lint/suspicious/noArrayIndexKey: a rule has no name of its own, and rules are not reordered.
						<li key={i} aria-label={t('routing.rule', { n: i + 1 })}>
							<div className="rule-if">
								<Select
									label={t('routing.field')}
									value={rule.field}
									options={fields.map((value) => ({ value, label: t(`routing.field.${value}`) }))}
									onChange={(field) => change(i, { field, name: undefined, unverified: undefined, value: '' })}
								/>
								{rule.field === 'attribute' && (
									<Field
										label={t('routing.attribute')}
										placeholder={t('routing.attributeExample')}
										value={rule.name ?? ''}
										onChange={(name) => change(i, { name })}
										maxLength={64}
										isRequired
									/>
								)}
								<Value rule={rule} onChange={(value) => change(i, { value })} />
								<IconButton
									icon="x"
									label={t('routing.removeRule', { n: i + 1 })}
									onPress={() => onChange(rules.filter((_, at) => at !== i))}
								/>
							</div>
							{rule.field === 'attribute' && (
								<label className="check">
									<input
										type="checkbox"
										checked={rule.unverified ?? false}
										onChange={(e) => change(i, { unverified: e.currentTarget.checked || undefined })}
									/>
									<span>{t('routing.unverified')}</span>
								</label>
							)}
							<div className="rule-then">
								<Field
									label={t('routing.skills')}
									placeholder={t('routing.skillsExample')}
									value={(rule.skills ?? []).join(', ')}
									onChange={(text) => change(i, { skills: split(text) })}
									maxLength={400}
								/>
								<Select
									label={t('routing.team')}
									value={rule.team ?? nobody}
									options={[
										{ value: nobody, label: t('routing.anyTeam') },
										...teams.map((team) => ({ value: team.id, label: team.name })),
									]}
									onChange={(team) => change(i, { team: team === nobody ? undefined : team })}
								/>
								<Select
									label={t('routing.priority')}
									value={rule.priority ?? ''}
									options={(['', 'high', 'urgent'] as const).map((value) => ({
										value,
										label: t(`routing.priority.${value || 'normal'}`),
										hint: value ? t(`routing.ahead.${value}`) : undefined,
									}))}
									onChange={(priority) => change(i, { priority })}
								/>
							</div>
						</li>
					))}
				</ol>
			)}
			<div>
				<Button icon="plus" onPress={() => onChange([...rules, fresh])}>
					{t('routing.addRule')}
				</Button>
			</div>
		</>
	);
}

/** Skills as they are typed: what follows a comma is the next one, and may be empty as yet. */
function split(text: string): string[] {
	return text === '' ? [] : text.split(/,\s*/);
}

function Value({ rule, onChange }: { rule: RoutingRule; onChange: (value: string) => void }) {
	const { inboxes } = useMe();
	if (rule.field === 'inbox' || rule.field === 'reason') {
		const options =
			rule.field === 'inbox'
				? (inboxes ?? []).map((inbox) => ({ value: inbox.id, label: inbox.name }))
				: reasons.map((value) => ({ value, label: reasonWords(value) }));
		return (
			<Select
				label={t('routing.value')}
				value={rule.value}
				options={rule.value ? options : [{ value: '', label: t('routing.choose') }, ...options]}
				onChange={onChange}
			/>
		);
	}
	return <Field label={t('routing.value')} value={rule.value} onChange={onChange} maxLength={200} isRequired />;
}
