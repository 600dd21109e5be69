import { type FormEvent, useState } from 'react';
import { problemOf } from '../../api';
import { useDesk, useNow } from '../../context';
import { due } from '../../format';
import { localInput, promiseText } from '../../promises';
import type { PromiseRow } from '../../protocol';
import { t } from '../../text';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { Notice } from '../../ui/parts';
import { Segmented } from '../../ui/Segmented';

interface ChangeProps {
	promise: PromiseRow;
	to: 'moved' | 'withdrawn';
	onClose: () => void;
	onDone: () => void;
}

/** Gives a promise another time, or withdraws it. */
export function ChangePromise(props: ChangeProps) {
	const title = t(props.to === 'moved' ? 'promise.moveTitle' : 'promise.withdrawTitle');
	return (
		<Dialog title={title} isOpen onClose={props.onClose}>
			<Form {...props} />
		</Dialog>
	);
}

function Form({ promise, to, onClose, onDone }: ChangeProps) {
	const desk = useDesk();
	const now = useNow();
	const [time, setTime] = useState(() => localInput(Math.max(Date.parse(promise.due), Date.now()) + 3_600_000));
	const [consent, setConsent] = useState(false);
	const [reason, setReason] = useState('');
	const [problem, setProblem] = useState('');
	const [busy, setBusy] = useState(false);
	const moving = to === 'moved';
	const complete = (!moving || time !== '') && ((moving && consent) || reason.trim() !== '');

	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (busy || !complete) return;
		setBusy(true);
		setProblem('');
		try {
			await desk.api.changePromise(promise.id, {
				state: to,
				reason: reason.trim(),
				...(moving && { due: new Date(time).toISOString(), consent }),
			});
			onDone();
			onClose();
		} catch (thrown) {
			setProblem(problemOf(thrown).message);
			setBusy(false);
		}
	};
	return (
		<form className="dialog-form" onSubmit={submit} noValidate>
			{problem && <Notice tone="bad">{problem}</Notice>}
			<p className="dialog-words">
				{t('promise.moveWords', { text: promiseText(promise), time: due(promise.due, now) })}
			</p>
			{moving && (
				<>
					<Field label={t('promise.due')} type="datetime-local" value={time} onChange={setTime} isRequired autoFocus />
					<div className="field">
						<span className="field-label">{t('promise.consent')}</span>
						<Segmented
							label={t('promise.consent')}
							value={consent ? 'yes' : 'no'}
							options={[
								{ value: 'no', label: t('promise.consentNo') },
								{ value: 'yes', label: t('promise.consentYes') },
							]}
							onChange={(value) => setConsent(value === 'yes')}
						/>
					</div>
					{!consent && <Notice tone="warn">{t('promise.notAgreed')}</Notice>}
				</>
			)}
			{(!moving || !consent) && (
				<Field
					label={t('promise.reason')}
					hint={t(moving ? 'promise.reasonHint' : 'promise.withdrawHint')}
					value={reason}
					onChange={setReason}
					maxLength={500}
					isRequired
				/>
			)}
			<div className="dialog-actions">
				<Button kind="quiet" onPress={onClose}>
					{t('dialog.cancel')}
				</Button>
				<Button kind="primary" type="submit" busy={busy} isDisabled={!complete}>
					{t(moving ? 'promise.moveDo' : 'promise.withdrawDo')}
				</Button>
			</div>
		</form>
	);
}
