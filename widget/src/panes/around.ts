// What stands around a conversation and comes after it: the menu, what is wrong with the connection and wakes it, what is
// heard and read elsewhere of a message, room for an answer, an answer in the making, the end of a customer's time here.

import type { App } from '../ui/App';
import css from '../ui/around/around.css?inline';
import { watch } from '../ui/around/awake';
import { heed } from '../ui/around/leave';
import { notify } from '../ui/around/notify';
import { makeRoom } from '../ui/around/room';
import { adopt } from '../ui/sheet';

adopt(css);

/** After each drawing of the window. */
export function drawn(app: App): void {
	watch(app.client.connection);
	makeRoom(app.client);
	notify(app);
	heed(app);
}

export { Draft } from '../ui/around/Draft';
export { forget, leave } from '../ui/around/leave';
export { Menu } from '../ui/around/Menu';
export { Trouble } from '../ui/around/Trouble';
