import type { RefObject } from 'react';
import { useDesk } from '../../context';
import type { MacroAction } from '../../protocol';
import { actionWords, type Gap, holderWords } from '../../state/macros';
import { useStore } from '../../state/store';
import { t, tn } from '../../text';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { Notice } from '../../ui/parts';

/** What a canned reply left open: each is a way to its place in the text. */
export function GapNote({ gaps, area }: { gaps: Gap[]; area: RefObject<HTMLTextAreaElement | null> }) {
	if (gaps.length === 0) return null;
	return (
		<p className="composer-note" role="status">
			<Icon name="alert" size={14} />
			<span>{tn('composer.gaps', gaps.length)}</span>
			{gaps.map((gap) => (
				<button
					key={gap.start}
					type="button"
					className="chip"
					onClick={() => {
						area.current?.focus();
						area.current?.setSelectionRange(gap.start, gap.end);
					}}
				>
					{holderWords(gap.name)}
				</button>
			))}
		</p>
	);
}

/** What a canned reply does when it was sent: each can be taken back before. */
export function AfterSending({
	actions,
	onChange,
}: {
	actions: MacroAction[];
	onChange: (actions: MacroAction[]) => void;
}) {
	if (actions.length === 0) return null;
	return (
		<p className="composer-note">
			<span>{t('composer.also')}</span>
			{actions.map((action) => (
				<button
					key={`${action.do}${action.tag ?? ''}`}
					type="button"
					className="chip"
					aria-label={t('composer.drop', { what: actionWords(action) })}
					onClick={() => onChange(actions.filter((each) => each !== action))}
				>
					{actionWords(action)}
					<Icon name="x" size={14} />
				</button>
			))}
		</p>
	);
}

/** What should have been done after sending and was not, until the agent has read it. */
export function Undone({ conversation }: { conversation: string }) {
	const { talk } = useDesk();
	const undone = useStore(talk.undone, (all) => all[conversation]);
	if (!undone) return null;
	const understood = () => talk.undone.update(({ [conversation]: _, ...others }) => others);
	return (
		<Notice tone="warn" action={<Button onPress={understood}>{t('conv.understood')}</Button>}>
			{t('macro.failed', { what: actionWords(undone.action), reason: undone.reason })}
		</Notice>
	);
}
