import { type ReactNode, useState } from 'react';
import { problemOf } from '../../api';
import { clock } from '../../format';
import { t } from '../../text';
import { Button } from '../../ui/Button';
import { Notice } from '../../ui/parts';
import { useSaveKey } from '../../ui/save';
import { Head } from './Head';

export interface Saving {
	save: () => Promise<void>;
	busy: boolean;
	/** When it was saved last; 0 for not yet. */
	at: number;
	problem: { words: string; stale: boolean } | null;
	/** Forgets what went wrong. */
	settle: () => void;
}

/** Saving a form of Settings, once at a time and only where it is able to, by button and by key. Send says false where it sent nothing. */
export function useSaving(able: boolean, send: () => Promise<unknown>): Saving {
	const [busy, setBusy] = useState(false);
	const [at, setAt] = useState(0);
	const [problem, setProblem] = useState<Saving['problem']>(null);
	const save = async () => {
		if (busy || !able) return;
		setBusy(true);
		setProblem(null);
		try {
			if ((await send()) !== false) setAt(Date.now());
		} catch (thrown) {
			const failure = problemOf(thrown);
			setProblem({ words: failure.message, stale: failure.code === 'stale' });
		} finally {
			setBusy(false);
		}
	};
	useSaveKey(save);
	return { save, busy, at, problem, settle: () => setProblem(null) };
}

interface SavingHeadProps {
	title: string;
	saving: Saving;
	changed: boolean;
	/** Whether it can be saved as it is; without it: as soon as it has changed. */
	able?: boolean;
	/** Goes on with what somebody else has saved meanwhile. */
	onTakeTheirs?: () => void;
	/** The page's own ways, before the button. */
	children?: ReactNode;
}

/** The head of a page that is saved as a whole: whether it is, the button, and why it could not be. */
export function SavingHead({ title, saving, changed, able = changed, onTakeTheirs, children }: SavingHeadProps) {
	const { save, busy, at, problem, settle } = saving;
	const takeTheirs = () => {
		settle();
		onTakeTheirs?.();
	};
	return (
		<>
			<Head
				title={title}
				aside={
					<span className="head-aside num" role="status">
						{changed ? t('settings.unsaved') : at > 0 && t('settings.savedAt', { time: clock(at) })}
					</span>
				}
			>
				{children}
				<Button kind="primary" busy={busy} isDisabled={!able} onPress={save}>
					{t('settings.save')}
				</Button>
			</Head>
			{problem && (
				<div className="banner">
					<Notice
						tone="bad"
						action={
							problem.stale && onTakeTheirs ? (
								<Button onPress={takeTheirs}>{t('settings.takeTheirs')}</Button>
							) : (
								<Button onPress={save}>{t('retry')}</Button>
							)
						}
					>
						{t('settings.notSaved', { reason: problem.words })}
					</Notice>
				</div>
			)}
		</>
	);
}
