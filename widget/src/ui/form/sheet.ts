// The look of what can be filled in. Each pane with a form asks for it; it is loaded and adopted once.

import { adopt as take } from '../sheet';
import css from './form.css?inline';

let there = false;

export function adopt(): void {
	if (!there) take(css);
	there = true;
}
