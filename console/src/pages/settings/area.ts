import type { Inbox } from '../../protocol';

/** What an area's page is given. */
export interface AreaProps {
	/** The inbox that is being set up. Areas of the whole workspace leave it. */
	inbox: Inbox;
	/** What follows the area in the address, without a slash before it; '' for the area itself. */
	rest: string;
}
