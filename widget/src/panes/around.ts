// What stands around a conversation and comes after it: the menu, what is wrong with the connection, what is heard and
// read elsewhere of a message.

import css from '../ui/around/around.css?inline';
import { adopt } from '../ui/sheet';

adopt(css);

export { Menu } from '../ui/around/Menu';
export { notify } from '../ui/around/notify';
export { Trouble } from '../ui/around/Trouble';
