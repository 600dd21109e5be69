import type { Thread } from '../../state/thread';

/** What a dialog over a conversation is given. */
export interface AsideProps {
	thread: Thread;
	/** The agent's own id. */
	me: string;
	onClose: () => void;
	/** It is done; left says that the conversation is not this agent's business any more. */
	onDone: (left: boolean) => void;
}
