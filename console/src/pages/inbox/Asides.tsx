import { lazy, Suspense } from 'react';
import type { Thread } from '../../state/thread';
import type { Aside } from './Head';

export interface AsideProps {
	thread: Thread;
	/** The agent's own id. */
	me: string;
	onClose: () => void;
	/** It is done; left says that the conversation is not this agent's business any more. */
	onDone: (left: boolean) => void;
}

const dialogs = {
	transfer: lazy(() => import('./Transfer')),
	snooze: lazy(() => import('./Snooze')),
	note: lazy(() => import('./CloseWithNote')),
};

/** The dialogs of what is done to a conversation now and then: loaded when one is asked for. */
export function Asides({ what, ...props }: AsideProps & { what: Aside }) {
	if (what === 'wake') return null;
	const Dialog = dialogs[what];
	return (
		<Suspense fallback={null}>
			<Dialog {...props} />
		</Suspense>
	);
}
