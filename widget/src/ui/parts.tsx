// Parts that every view has.

import type { Client } from '../core/client';
import type { Citation, Related } from '../protocol';
import { t } from '../text/words';
import { bell, Icon, person, x } from './Icon';

/** What the views may ask of the window around them. */
export interface Shell {
	client: Client;
	inbox: string;
	/** Closes the window; undefined on a page of its own. */
	close: (() => void) | undefined;
	/** Opens a source of an answer, or an article that is related; of is how many sources there are, 0 for the latter. */
	open: (cited: Citation | Related, of: number, from: HTMLElement) => void;
	/** From an article back to the conversation. */
	back: () => void;
	/** To the first view. */
	home: () => void;
}

export function Close({ shell }: { shell: Shell }) {
	return shell.close ? (
		<button type="button" class="icon" aria-label={t.close} onclick={shell.close}>
			<Icon d={x} />
		</button>
	) : null;
}

/** The bot's face is the mark. */
export const Mark = () => (
	<span class="face">
		<Icon d={bell} />
	</span>
);

export function PersonButton({ client }: { client: Client }) {
	return (
		<button type="button" class="person" aria-label={t.person} onclick={() => client.askPerson()}>
			<Icon d={person} />
			<span class="lg">{t.person}</span>
			<span class="sm">{t.personShort}</span>
		</button>
	);
}

/** Who speaks for the bot: to the eye a name and a tag. */
export const Bot = ({ client }: { client: Client }) => (
	<>
		{client.face?.bot || t.assistant} <span class="ai">{t.ai}</span>
	</>
);
