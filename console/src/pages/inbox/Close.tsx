import { useState } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import { Menu, MenuItem, MenuSection, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { Separator } from 'react-aria-components/Separator';
import { recall, remember } from '../../state/memory';
import { t } from '../../text';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';

/** How a conversation may end: chat.Outcome. */
export const outcomes = ['solved', 'no_reply', 'duplicate', 'spam', 'other'] as const;
export type Outcome = (typeof outcomes)[number];

/** What this agent said last time: most end alike, and one key closes as the last one. */
export const lastOutcome = () => recall<Outcome>('outcome', 'solved');
export const keepOutcome = (outcome: Outcome) => remember('outcome', outcome);

interface CloseButtonProps {
	kind: 'default' | 'quiet';
	busy: boolean;
	onClose: (outcome: Outcome) => void;
	/** Closing with a note, in a dialog. */
	onNote: () => void;
}

/** Ends it as the last one ended; another end is one menu away. */
export function CloseButton({ kind, busy, onClose, onNote }: CloseButtonProps) {
	const [outcome, setOutcome] = useState(lastOutcome);
	const close = (as: Outcome) => {
		keepOutcome(as);
		setOutcome(as);
		onClose(as);
	};
	return (
		<span className="split">
			<Button kind={kind} busy={busy} hint="E" onPress={() => close(outcome)}>
				{t(`close.${outcome}`)}
			</Button>
			<MenuTrigger>
				<AriaButton className={`btn btn-${kind}`} aria-label={t('conv.outcome')}>
					<Icon name="down" size={14} />
				</AriaButton>
				<Popover className="menu" placement="bottom end">
					<Menu className="menu-list" onAction={(key) => (key === 'note' ? onNote() : close(key as Outcome))}>
						<MenuSection aria-label={t('conv.outcome')} selectionMode="single" selectedKeys={[outcome]}>
							{outcomes.map((as) => (
								<MenuItem key={as} id={as} textValue={t(`outcome.${as}`)} className="menu-item">
									<span className="grow">{t(`outcome.${as}`)}</span>
									<Icon name="check" size={14} />
								</MenuItem>
							))}
						</MenuSection>
						<Separator className="menu-line" />
						<MenuItem id="note" className="menu-item">
							{t('close.withNote')}
						</MenuItem>
					</Menu>
				</Popover>
			</MenuTrigger>
		</span>
	);
}
