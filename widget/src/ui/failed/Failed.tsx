// What went wrong with a message, and what can be done about it.

import { t } from '../../text/words';
import { alert, Icon } from '../Icon';

interface Props {
	/** Why the server will not take it. */
	words: string;
	retry: () => void;
	discard: () => void;
}

/** Below a message that cannot go. */
export const Failed = ({ words, retry, discard }: Props) => (
	<>
		<div class="st bad" role="alert">
			<Icon d={alert} />
			<span>
				{t.notSent} {words}
			</span>
		</div>
		<p class="st">
			<button type="button" class="quiet" onclick={retry}>
				{t.tryAgain}
			</button>
			<button type="button" class="quiet" onclick={discard}>
				{t.discard}
			</button>
		</p>
	</>
);
