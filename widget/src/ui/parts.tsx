// Parts that every view has.

import type { Client } from '../core/client';
import { close } from '../text/window';
import { bell, Icon, x } from './Icon';

/** What the views may ask of the window around them. */
export interface Shell {
	client: Client;
	/** Closes the window; undefined on a page of its own. */
	close: (() => void) | undefined;
}

export function Close({ shell }: { shell: Shell }) {
	return shell.close ? (
		<button type="button" class="icon" aria-label={close} onClick={shell.close}>
			<Icon d={x} />
		</button>
	) : null;
}

/** The bot's face is the mark, a person's the first letters of the name. */
export function Face({ name }: { name?: string | undefined }) {
	return name ? (
		<span class="face agent" aria-hidden="true">
			{name
				.split(/\s+/, 2)
				.map((w) => [...w][0])
				.join('')
				.toUpperCase()}
		</span>
	) : (
		<span class="face">
			<Icon d={bell} />
		</span>
	);
}
