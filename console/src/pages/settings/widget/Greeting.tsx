import { t } from '../../../text';
import { Field } from '../../../ui/Field';
import { Group } from '../../../ui/Group';
import { linesOf, type SectionProps } from './form';

/** The words of the widget's first view. */
export function Greeting({ inbox, settings, set }: SectionProps) {
	const starters = settings.starters ?? [];
	return (
		<Group title={t('widget.greeting')} words={t('widget.greetingWords')}>
			<Field
				label={t('widget.brand')}
				hint={t('widget.brandHint')}
				placeholder={inbox.name}
				maxLength={60}
				value={settings.brand}
				onChange={(brand) => set({ brand })}
			/>
			<Field
				label={t('widget.headline')}
				hint={t('widget.headlineHint')}
				placeholder={t('widget.headlineDefault')}
				maxLength={80}
				value={settings.greeting}
				onChange={(greeting) => set({ greeting })}
			/>
			<Field
				label={t('widget.starters')}
				hint={t('widget.startersHint')}
				error={linesOf(starters.join('\n')).length > 3 ? t('widget.startersMany') : undefined}
				lines
				value={starters.join('\n')}
				onChange={(text) => set({ starters: text.split('\n') })}
			/>
		</Group>
	);
}
