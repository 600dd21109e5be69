import { type FormEvent, useState } from 'react';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { problemOf } from '../../api';
import { useDesk } from '../../context';
import { due } from '../../format';
import { snoozeTimes } from '../../state/snooze';
import { t } from '../../text';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { Notice } from '../../ui/parts';
import type { AsideProps } from './aside';

/** Puts a conversation off: one of the usual times at once, or another one. */
export default function Snooze({ thread, onClose, onDone }: AsideProps) {
	const desk = useDesk();
	const [now] = useState(() => new Date());
	const [picked, setPicked] = useState('');
	const [busy, setBusy] = useState(false);
	const [problem, setProblem] = useState<string>();
	const times = snoozeTimes(now);

	const snooze = async (until: Date) => {
		if (busy) return;
		setBusy(true);
		setProblem(undefined);
		try {
			await desk.move(thread.id, 'snooze', { until: until.toISOString() });
			onDone(true);
		} catch (thrown) {
			setProblem(problemOf(thrown).message);
			setBusy(false);
		}
	};
	const submit = (event: FormEvent) => {
		event.preventDefault();
		const until = new Date(picked);
		if (!(until.getTime() > Date.now())) setProblem(t('snooze.past'));
		else void snooze(until);
	};

	return (
		<Dialog title={t('snooze.title')} isOpen onClose={onClose}>
			{problem && <Notice tone="bad">{problem}</Notice>}
			<ListBox
				className="choices"
				aria-label={t('snooze.list')}
				autoFocus
				selectionMode="none"
				onAction={(key) => void snooze(times.find((time) => time.name === key)?.at ?? now)}
			>
				{times.map(({ name, at }) => (
					<ListBoxItem key={name} id={name} textValue={t(`snooze.${name}`)} className="choice">
						<span className="grow">{t(`snooze.${name}`)}</span>
						<time className="hint" dateTime={at.toISOString()}>
							{due(at.getTime(), now.getTime())}
						</time>
					</ListBoxItem>
				))}
			</ListBox>
			<form className="dialog-form" onSubmit={submit}>
				<Field
					label={t('snooze.pick')}
					hint={t('snooze.hint')}
					type="datetime-local"
					value={picked}
					onChange={(value) => {
						setPicked(value);
						setProblem(undefined);
					}}
				/>
				<div className="dialog-actions">
					<Button kind="quiet" onPress={onClose}>
						{t('dialog.cancel')}
					</Button>
					<Button type="submit" kind="primary" busy={busy} isDisabled={picked === ''}>
						{t('snooze.do')}
					</Button>
				</div>
			</form>
		</Dialog>
	);
}
