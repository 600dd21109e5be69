import type { Survey as Asked, RatingKind } from '../../../protocol';
import { t } from '../../../text';
import { Field } from '../../../ui/Field';
import { Group } from '../../../ui/Group';
import { Segmented } from '../../../ui/Segmented';
import type { SectionProps } from './form';

/** The lowest and the highest score of each kind. */
const scales = { csat: [1, 5], ces: [1, 7], nps: [0, 10] } as const;

/** What the widget asks when a conversation has ended. */
export function Survey({ inbox, settings, set }: SectionProps) {
	const survey = settings.survey ?? {};
	const kind: RatingKind = survey.kind || 'csat';
	const value = survey.off ? 'off' : kind;
	const change = (part: Partial<Asked>) => set({ survey: { ...survey, ...part } });
	return (
		<Group title={t('survey.title')} words={t('survey.words')}>
			<div className="field">
				<span className="field-label" aria-hidden="true">
					{t('survey.ask')}
				</span>
				<Segmented
					label={t('survey.ask')}
					value={value}
					options={(['csat', 'ces', 'nps', 'off'] as const).map((each) => ({
						value: each,
						label: t(`survey.kind.${each}`),
					}))}
					onChange={(each) => change(each === 'off' ? { off: true } : { off: undefined, kind: each })}
				/>
				<span className="hint">{t(`survey.kindHint.${value}`)}</span>
			</div>
			{!survey.off && (
				<>
					<Field
						label={t('survey.question')}
						hint={t('survey.questionHint')}
						maxLength={200}
						value={survey.question ?? ''}
						onChange={(question) => change({ question })}
					/>
					<div className="widget-gaps">
						<Field
							label={t('survey.low')}
							hint={t('survey.endHint')}
							maxLength={40}
							value={survey.low ?? ''}
							onChange={(low) => change({ low })}
						/>
						<Field
							label={t('survey.high')}
							hint={t('survey.endHint')}
							maxLength={40}
							value={survey.high ?? ''}
							onChange={(high) => change({ high })}
						/>
					</div>
					<Asking survey={survey} kind={kind} brand={settings.brand || inbox.name} />
				</>
			)}
		</Group>
	);
}

/** The question as the customer gets it; a picture, nothing to press. */
function Asking({ survey, kind, brand }: { survey: Asked; kind: RatingKind; brand: string }) {
	const [first, last] = scales[kind];
	return (
		<figure className="survey-asking">
			<figcaption className="field-label">{t('survey.preview')}</figcaption>
			<div className="survey-card">
				<b dir="auto">{survey.question || t(`survey.own.${kind}`, { brand })}</b>
				<div className={`survey-scale ${kind}`} aria-hidden="true">
					{Array.from({ length: last - first + 1 }, (_, i) => (
						// biome-ignore lint/suspicious/noArrayIndexKey: a scale does not move
						<span key={i}>{first + i}</span>
					))}
				</div>
				<p className="survey-words">
					<span dir="auto">{survey.low || t(`survey.low.${kind}`)}</span>
					<span dir="auto">{survey.high || t(`survey.high.${kind}`)}</span>
				</p>
			</div>
		</figure>
	);
}
