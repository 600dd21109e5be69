import { type FormEvent, useState } from 'react';
import { problemOf } from '../../api';
import { useDesk } from '../../context';
import { t } from '../../text';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { Notice } from '../../ui/parts';
import { Select } from '../../ui/Select';
import type { AsideProps } from './aside';
import { keepOutcome, lastOutcome, outcomes } from './Close';

/** Ends a conversation, and says how it ended and why. */
export default function CloseWithNote({ thread, onClose, onDone }: AsideProps) {
	const desk = useDesk();
	const [outcome, setOutcome] = useState(lastOutcome);
	const [note, setNote] = useState('');
	const [busy, setBusy] = useState(false);
	const [problem, setProblem] = useState<string>();
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (busy) return;
		setBusy(true);
		setProblem(undefined);
		try {
			await desk.move(thread.id, 'close', { outcome, note: note.trim() || undefined });
			keepOutcome(outcome);
			onDone(true);
		} catch (thrown) {
			setProblem(problemOf(thrown).message);
			setBusy(false);
		}
	};
	return (
		<Dialog title={t('conv.close')} isOpen onClose={onClose}>
			<form className="dialog-form" onSubmit={submit}>
				{problem && <Notice tone="bad">{problem}</Notice>}
				<Select
					label={t('conv.outcome')}
					value={outcome}
					options={outcomes.map((value) => ({ value, label: t(`outcome.${value}`) }))}
					onChange={setOutcome}
				/>
				<Field
					label={t('close.note')}
					hint={t('transfer.noteHint')}
					lines
					maxLength={4000}
					value={note}
					onChange={setNote}
					autoFocus
				/>
				<div className="dialog-actions">
					<Button kind="quiet" onPress={onClose}>
						{t('dialog.cancel')}
					</Button>
					<Button type="submit" kind="primary" busy={busy}>
						{t(`close.${outcome}`)}
					</Button>
				</div>
			</form>
		</Dialog>
	);
}
