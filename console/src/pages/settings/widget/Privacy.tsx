import type { Privacy as PrivacyOf } from '../../../protocol';
import { t } from '../../../text';
import { Group } from '../../../ui/Group';
import type { SectionProps } from './form';

/** What is kept of customers beyond what they write. */
export function Privacy({ settings, set }: SectionProps) {
	const privacy: PrivacyOf = settings.privacy ?? { page_views: false, consent: false };
	const change = (part: Partial<PrivacyOf>) => set({ privacy: { ...privacy, ...part } });
	return (
		<Group title={t('widget.privacy')} words={t('widget.privacyWords')}>
			<Check
				on={privacy.page_views}
				words={t('widget.pageViews')}
				hint={t('widget.pageViewsHint')}
				onChange={(page_views) => change({ page_views })}
			/>
			<Check
				on={privacy.consent}
				words={t('widget.consent')}
				hint={t('widget.consentHint')}
				onChange={(consent) => change({ consent })}
			/>
		</Group>
	);
}

interface CheckProps {
	on: boolean;
	words: string;
	hint: string;
	onChange: (on: boolean) => void;
}

function Check({ on, words, hint, onChange }: CheckProps) {
	return (
		<label className="check">
			<input type="checkbox" checked={on} onChange={(e) => onChange(e.currentTarget.checked)} />
			<span>
				{words}
				<small>{hint}</small>
			</span>
		</label>
	);
}
