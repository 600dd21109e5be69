import { useRef } from 'react';
import { emptySubject, type SubjectForm } from '../../../state/voice';
import { t } from '../../../text';
import { Button, IconButton } from '../../../ui/Button';
import { Field } from '../../../ui/Field';
import { Segmented } from '../../../ui/Segmented';

interface EditorProps {
	subjects: SubjectForm[];
	faults: (field: string) => string | undefined;
	onLeave: (field: string) => void;
	onChange: (subjects: SubjectForm[]) => void;
}

/** As many as the server keeps. */
const most = 50;

/** The subjects that the bot stays out of: by which words it knows them, and what it does instead. */
export function OffLimitsEditor({ subjects, faults, onLeave, onChange }: EditorProps) {
	const newest = useRef(0);
	const change = (key: number, part: Partial<SubjectForm>) =>
		onChange(subjects.map((subject) => (subject.key === key ? { ...subject, ...part } : subject)));
	const add = () => {
		const subject = emptySubject();
		newest.current = subject.key;
		onChange([...subjects, subject]);
	};
	return (
		<>
			{subjects.length > 0 && (
				<ul className="subjects">
					{subjects.map((subject, i) => (
						<li key={subject.key} className="subject">
							<div className="subject-head">
								<Field
									label={t('voice.off.name')}
									placeholder={t('voice.off.namePlaceholder')}
									maxLength={80}
									value={subject.name}
									autoFocus={subject.key === newest.current}
									onChange={(name) => change(subject.key, { name })}
								/>
								<IconButton
									icon="x"
									label={t('voice.off.remove', { name: subject.name || String(i + 1) })}
									onPress={() => onChange(subjects.filter((each) => each.key !== subject.key))}
								/>
							</div>
							<Field
								label={t('voice.off.phrases')}
								hint={t('voice.off.phrasesHint')}
								lines
								value={subject.phrases}
								error={faults(`${subject.key}.phrases`)}
								onBlur={() => onLeave(`${subject.key}.phrases`)}
								onChange={(phrases) => change(subject.key, { phrases })}
							/>
							<div className="field">
								<span className="field-label" aria-hidden="true">
									{t('voice.off.does')}
								</span>
								<div>
									<Segmented
										label={t('voice.off.does')}
										value={subject.does}
										options={(['person', 'answer'] as const).map((value) => ({
											value,
											label: t(`voice.off.does.${value}`),
										}))}
										onChange={(does) => change(subject.key, { does })}
									/>
								</div>
							</div>
							{subject.does === 'answer' && (
								<Field
									label={t('voice.off.answer')}
									hint={t('voice.off.answerHint')}
									lines
									maxLength={1000}
									value={subject.answer}
									error={faults(`${subject.key}.answer`)}
									onBlur={() => onLeave(`${subject.key}.answer`)}
									onChange={(answer) => change(subject.key, { answer })}
								/>
							)}
						</li>
					))}
				</ul>
			)}
			<div>
				<Button icon="plus" isDisabled={subjects.length >= most} onPress={add}>
					{t('voice.off.add')}
				</Button>
			</div>
		</>
	);
}
