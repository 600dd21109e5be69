import { useEffect, useRef, useState } from 'react';
import { useDesk } from '../../../context';
import type { Address, Inbox, StyleState } from '../../../protocol';
import { recall, remember } from '../../../state/memory';
import { faultsOf, formOf, isChanged, lengths, type StyleForm, styleOf, tones } from '../../../state/voice';
import { t } from '../../../text';
import { Field } from '../../../ui/Field';
import { Group, Row } from '../../../ui/Group';
import { Segmented } from '../../../ui/Segmented';
import { Select } from '../../../ui/Select';
import { SavingHead, useSaving } from '../Saving';
import { Example } from './Example';
import { OffLimitsEditor } from './OffLimits';
import { Parts } from './parts';

interface StylePageProps {
	inbox: Inbox;
	state: StyleState;
	onSaved: (state: StyleState) => void;
	onReload: () => void;
}

interface Kept {
	form: StyleForm;
	revision: number;
}

/** How the bot speaks and what it stays out of, with an example beside it that follows each change. */
export function StylePage({ inbox, state, onSaved, onReload }: StylePageProps) {
	const { api } = useDesk();
	const keep = `style.${inbox.id}`;
	const [kept] = useState(() => recall<Kept | null>(keep, null));
	const [form, setForm] = useState<StyleForm>(() => ({ ...formOf(state.style), ...kept?.form }));
	// What an unsaved form follows is what it was written over, however old.
	const [revision, setRevision] = useState(kept?.revision ?? state.revision);
	const [left, setLeft] = useState<Record<string, boolean>>({});
	const changed = isChanged(form, state.style);
	const faults = faultsOf(form);
	const shown = (field: string) => (left[field] ? faults[field] : undefined);
	const leave = (field: string) => setLeft((now) => ({ ...now, [field]: true }));

	const first = useRef(true);
	useEffect(() => {
		if (first.current) first.current = false;
		else remember(keep, changed ? { form, revision } : undefined);
	}, [keep, form, revision, changed]);

	const set = <K extends keyof StyleForm>(field: K, value: StyleForm[K]) =>
		setForm((now) => ({ ...now, [field]: value }));
	const saving = useSaving(changed, async () => {
		setLeft(Object.fromEntries(Object.keys(faults).map((field) => [field, true])));
		if (Object.keys(faults).length > 0) return false;
		const saved = await api.setStyle(inbox.id, { revision, style: styleOf(form) });
		remember(keep, undefined);
		setForm(formOf(saved.style));
		setRevision(saved.revision);
		onSaved(saved);
	});
	const takeTheirs = () => {
		remember(keep, undefined);
		onReload();
	};
	// After a reload the newest is what one works on, unless something unsaved is kept.
	useEffect(() => {
		if (recall<Kept | null>(keep, null) === null) {
			setForm(formOf(state.style));
			setRevision(state.revision);
		}
	}, [keep, state]);

	return (
		<main className="page" data-pane>
			<SavingHead title={t('settings.voice')} saving={saving} changed={changed} onTakeTheirs={takeTheirs}>
				<Parts here="style" />
			</SavingHead>
			<div className="page-body voice-style">
				<div className="voice-form">
					<Group title={t('voice.manner')} words={t('voice.mannerWords')}>
						<Field
							label={t('voice.name')}
							hint={t('voice.nameHint')}
							placeholder={t('bot.name')}
							maxLength={40}
							value={form.name}
							onChange={(name) => set('name', name)}
						/>
						<Row label={t('voice.tone')} hint={t(`voice.toneHint.${form.tone || 'plain'}`)}>
							<Segmented
								label={t('voice.tone')}
								value={form.tone}
								options={tones.map((value) => ({ value, label: t(`voice.tone.${value || 'plain'}`) }))}
								onChange={(tone) => set('tone', tone)}
							/>
						</Row>
						<Row label={t('voice.length')} hint={t(`voice.lengthHint.${form.length || 'short'}`)}>
							<Segmented
								label={t('voice.length')}
								value={form.length}
								options={lengths.map((value) => ({ value, label: t(`voice.length.${value || 'short'}`) }))}
								onChange={(length) => set('length', length)}
							/>
						</Row>
						<Row label={t('voice.emoji')}>
							<Segmented
								label={t('voice.emoji')}
								value={form.emoji}
								options={(['never', 'rarely'] as const).map((value) => ({ value, label: t(`voice.emoji.${value}`) }))}
								onChange={(emoji) => set('emoji', emoji)}
							/>
						</Row>
						<Field
							label={t('voice.signOff')}
							hint={t('voice.signOffHint')}
							maxLength={200}
							value={form.signOff}
							onChange={(signOff) => set('signOff', signOff)}
						/>
					</Group>
					<Group title={t('voice.language')} words={t('voice.languageWords')}>
						<Row label={t('voice.answersIn')}>
							<Segmented
								label={t('voice.answersIn')}
								value={form.language}
								options={(['customer', 'fixed'] as const).map((value) => ({
									value,
									label: t(`voice.answersIn.${value}`),
								}))}
								onChange={(language) => set('language', language)}
							/>
						</Row>
						{form.language === 'fixed' && (
							<Field
								label={t('voice.languages')}
								hint={t('voice.languagesHint')}
								placeholder="en, de-CH"
								value={form.languages}
								error={shown('languages')}
								onBlur={() => leave('languages')}
								onChange={(languages) => set('languages', languages)}
							/>
						)}
						<Select<Address>
							label={t('voice.address')}
							value={form.address}
							options={(['', 'formal', 'informal'] as const).map((value) => ({
								value,
								label: t(`voice.address.${value || 'free'}`),
							}))}
							onChange={(address) => set('address', address)}
						/>
					</Group>
					<Group title={t('voice.off')} words={t('voice.offWords')}>
						<OffLimitsEditor
							subjects={form.offLimits}
							faults={(field) => shown(field)}
							onLeave={leave}
							onChange={(offLimits) => set('offLimits', offLimits)}
						/>
					</Group>
				</div>
				<Example form={form} brand={inbox.settings?.brand || inbox.name} />
			</div>
		</main>
	);
}
