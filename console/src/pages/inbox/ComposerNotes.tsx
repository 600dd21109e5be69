import type { RefObject } from 'react';
import type { MacroAction } from '../../protocol';
import { actionWords, type Gap } from '../../state/macros';
import { type Key, t, tn } from '../../text';
import { Icon } from '../../ui/Icon';

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
					{t(`holder.${gap.name.replace('.', '_')}` as Key)}
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
