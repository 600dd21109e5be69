import { useRef, useState } from 'react';
import { t } from '../../../text';
import { Button } from '../../../ui/Button';
import { Mark } from '../../../ui/Mark';
import { Notice } from '../../../ui/parts';
import { LogoProblem, logoOf } from './logo-file';

/** The picture in the widget's head, in the place of the product's mark. */
export function Logo({ value, onChange }: { value: string; onChange: (logo: string) => void }) {
	const input = useRef<HTMLInputElement>(null);
	const [problem, setProblem] = useState<'' | 'large' | 'unreadable'>('');
	const take = (file: File | undefined) => {
		if (!file) return;
		setProblem('');
		logoOf(file).then(onChange, (thrown) => setProblem(thrown instanceof LogoProblem ? thrown.kind : 'unreadable'));
	};
	return (
		<div className="field">
			<span className="field-label">{t('widget.logo')}</span>
			<div className="widget-logo">
				<span className="logo-shown">{value ? <img src={value} alt={t('widget.logo')} /> : <Mark />}</span>
				<input
					ref={input}
					type="file"
					hidden
					accept="image/*"
					aria-label={t('widget.logo')}
					onChange={(event) => {
						take(event.target.files?.[0]);
						event.target.value = ''; // the same file again is a choice, too
					}}
				/>
				<Button onPress={() => input.current?.click()}>{t(value ? 'widget.logoOther' : 'widget.logoChoose')}</Button>
				{value && (
					<Button kind="quiet" onPress={() => onChange('')}>
						{t('widget.logoRemove')}
					</Button>
				)}
			</div>
			<span className="hint">{t('widget.logoHint')}</span>
			{problem && <Notice tone="bad">{t(`widget.logo.${problem}`)}</Notice>}
		</div>
	);
}
