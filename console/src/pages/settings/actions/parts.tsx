// What the pages of actions share.

import type { ActionsSetting, Inbox } from '../../../protocol';
import type { Action, Config } from '../../../state/actions';
import { t } from '../../../text';
import { Button } from '../../../ui/Button';
import { Notice, Tag } from '../../../ui/parts';

export const base = '/settings/actions';

/** What every page of the area is given: what is declared, and how to declare something else. */
export interface ActionsProps {
	inbox: Inbox;
	config: Config;
	setting: ActionsSetting;
	/** Saves, and gives the words of a refusal, '' if there is none. */
	save: (next: Config) => Promise<string>;
}

export function KindTag({ action }: { action: Action }) {
	return <Tag tone={action.write ? 'warn' : 'line'}>{t(action.write ? 'actions.write' : 'actions.read')}</Tag>;
}

export function Refusal({ words, onAgain }: { words: string; onAgain?: () => void }) {
	if (!words) return null;
	return (
		<div className="banner">
			<Notice tone="bad" action={onAgain && <Button onPress={onAgain}>{t('retry')}</Button>}>
				{words}
			</Notice>
		</div>
	);
}
