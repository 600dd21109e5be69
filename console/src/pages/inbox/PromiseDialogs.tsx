import { useState } from 'react';
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
import { useSubmit } from '../../ui/submit';
import { uuidv7 } from '../../uuid';

interface NewProps {
	conversation: string;
	onClose: () => void;
	/** What to say of it when it stands. */
	onDone: (words: string) => void;
}

/** Records what was promised in words that tell no time, or on the telephone. */
export function NewPromise(props: NewProps) {
	return (
		<Dialog title={t('promise.newTitle')} isOpen onClose={props.onClose}>
			<NewForm {...props} />
		</Dialog>
	);
}

function NewForm({ conversation, onClose, onDone }: NewProps) {
	const desk = useDesk();
	const [id] = useState(uuidv7); // sent twice, it is recorded once
	const [text, setText] = useState('');
	const [time, setTime] = useState(() => localInput(Date.now() + 24 * 3_600_000));
	const { submit, problem, busy } = useSubmit(async () => {
		const due = new Date(time).toISOString();
		const made = await desk.api.recordPromise(conversation, { client_id: id, text: text.trim(), due });
		onDone(t('promise.recorded', { number: made.number }));
		onClose();
	});
	const complete = text.trim() !== '' && time !== '';
	return (
		<form className="dialog-form" onSubmit={(event) => submit(event, complete)} noValidate>
			{problem && <Notice tone="bad">{problem}</Notice>}
			<Field
				label={t('promise.newText')}
				hint={t('promise.newTextHint')}
				value={text}
				onChange={setText}
				maxLength={200}
				isRequired
				autoFocus
			/>
			<Field label={t('promise.newDue')} type="datetime-local" value={time} onChange={setTime} isRequired />
			<div className="dialog-actions">
				<Button kind="quiet" onPress={onClose}>
					{t('dialog.cancel')}
				</Button>
				<Button kind="primary" type="submit" busy={busy} isDisabled={!complete}>
					{t('promise.newDo')}
				</Button>
			</div>
		</form>
	);
}

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
	const moving = to === 'moved';
	const complete = (!moving || time !== '') && ((moving && consent) || reason.trim() !== '');
	const { submit, problem, busy } = useSubmit(async () => {
		await desk.api.changePromise(promise.id, {
			state: to,
			reason: reason.trim(),
			...(moving && { due: new Date(time).toISOString(), consent }),
		});
		onDone();
		onClose();
	});
	return (
		<form className="dialog-form" onSubmit={(event) => submit(event, complete)} noValidate>
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
