import { useState } from 'react';
import { type ExampleLanguage, exampleOf, type StyleForm } from '../../../state/voice';
import { t } from '../../../text';
import { example } from '../../../text/example';
import { Face, Tag } from '../../../ui/parts';
import { Segmented } from '../../../ui/Segmented';

/** An answer as a customer would read it, in the manner of the form. */
export function Example({ form, brand }: { form: StyleForm; brand: string }) {
	const [chosen, choose] = useState<ExampleLanguage | null>(null);
	const german = form.language === 'fixed' && /^\s*de\b/i.test(form.languages);
	const language = chosen ?? (german ? 'de' : 'en');
	const lines = exampleOf(form, language);
	const signedOff = form.signOff.trim() !== '';
	return (
		<aside className="example" aria-label={t('voice.example')}>
			<div className="example-head">
				<h2>{t('voice.example')}</h2>
				<Segmented
					label={t('voice.exampleLanguage')}
					value={language}
					options={(['en', 'de'] as const).map((value) => ({ value, label: t(`voice.ex.${value}`) }))}
					onChange={choose}
				/>
			</div>
			<div className="example-window" lang={language} aria-live="polite">
				<p className="example-asked">{example[language].question}</p>
				<div className="example-answer">
					<p className="example-who">
						<Face name={form.name || t('bot.name')} bot size="s" />
						<b className="cut">{form.name.trim() || t('bot.name')}</b>
						<Tag tone="bot">{t('bot.label')}</Tag>
						<span className="cut example-brand">{brand}</span>
					</p>
					{lines.map((line, i) => (
						<p key={line} className={signedOff && i === lines.length - 1 ? 'sign-off' : undefined}>
							{line}
							{isFact(i, lines, form) && <span className="cite">1</span>}
						</p>
					))}
				</div>
			</div>
			<p className="hint">{t('voice.exampleWords')}</p>
		</aside>
	);
}

/** Facts come with their source; what opens and closes an answer states none. */
function isFact(i: number, lines: string[], form: StyleForm): boolean {
	const opens = form.tone === 'warm' || form.tone === 'formal';
	const closes = form.signOff.trim() !== '';
	return !(opens && i === 0) && !(closes && i === lines.length - 1);
}
