import type { Appearance as Look } from '../../../protocol';
import { t } from '../../../text';
import { Field } from '../../../ui/Field';
import { Group, Row } from '../../../ui/Group';
import { Segmented } from '../../../ui/Segmented';
import { Colour } from './Colour';
import type { SectionProps } from './form';
import { Logo } from './Logo';

/** gateway's minGap, maxGap and the distance without a setting, in CSS pixels. */
const gap = { least: 8, most: 160, usual: 24 };

/** How the widget looks: colour, logo, place, form. */
export function Appearance({ settings, set }: SectionProps) {
	const look = settings.appearance ?? {};
	const change = (part: Partial<Look>) => set({ appearance: { ...look, ...part } });
	return (
		<Group title={t('widget.appearance')} words={t('widget.appearanceWords')}>
			<Colour value={settings.colour} onChange={(colour) => set({ colour })} />
			<Logo value={look.logo ?? ''} onChange={(logo) => change({ logo })} />
			<Row label={t('widget.side')}>
				<Segmented
					label={t('widget.side')}
					value={look.side || 'right'}
					options={(['left', 'right'] as const).map((value) => ({ value, label: t(`widget.side.${value}`) }))}
					onChange={(side) => change({ side })}
				/>
			</Row>
			<div className="widget-gaps">
				<Gap label={t('widget.aside')} value={look.aside} onChange={(aside) => change({ aside })} />
				<Gap label={t('widget.below')} value={look.below} onChange={(below) => change({ below })} />
			</div>
			<Field
				label={t('widget.launcher')}
				hint={t('widget.launcherHint')}
				maxLength={24}
				value={look.launcher ?? ''}
				onChange={(launcher) => change({ launcher })}
			/>
			<Row label={t('widget.corners')}>
				<Segmented
					label={t('widget.corners')}
					value={look.corners || 'round'}
					options={(['round', 'soft', 'square'] as const).map((value) => ({
						value,
						label: t(`widget.corners.${value}`),
					}))}
					onChange={(corners) => change({ corners })}
				/>
			</Row>
			<Row label={t('widget.theme')} hint={t('widget.themeHint')}>
				<Segmented
					label={t('widget.theme')}
					value={look.theme || 'auto'}
					options={(['auto', 'light', 'dark'] as const).map((value) => ({ value, label: t(`widget.theme.${value}`) }))}
					onChange={(theme) => change({ theme: theme === 'auto' ? undefined : theme })}
				/>
			</Row>
		</Group>
	);
}

/** A distance in pixels; nothing is the usual one. */
function Gap({ label, value, onChange }: { label: string; value?: number; onChange: (value?: number) => void }) {
	const wrong = value !== undefined && value !== 0 && (value < gap.least || value > gap.most);
	return (
		<Field
			label={label}
			hint={t('widget.pixels')}
			error={wrong ? t('widget.gapWrong', gap) : undefined}
			inputMode="numeric"
			placeholder={String(gap.usual)}
			maxLength={3}
			value={value ? String(value) : ''}
			onChange={(text) => onChange(Number(text.replace(/\D/g, '')) || undefined)}
		/>
	);
}
