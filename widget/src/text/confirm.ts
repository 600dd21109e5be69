// What the card of a proposed change says.

import type { CallState } from '../protocol';

export { sending } from './chat';

export const yes = 'Confirm';
export const no = 'Don’t do it';
export const became: Record<CallState, string> = {
	proposed: '',
	confirmed: 'You confirmed this. It is being done.',
	running: 'You confirmed this. It is being done.',
	done: 'You confirmed this, and it is done.',
	declined: 'You declined this. Nothing was changed.',
	expired: 'This can no longer be confirmed. Nothing was changed.',
	failed: 'This did not work. Nothing was changed.',
	unknown: 'A person checks whether this went through.',
};
