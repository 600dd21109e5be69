// Draws a view once, for a test that looks at what became of it.

import { draw, mount } from '../src/ui/draw';
import { type Child, h } from '../src/vnode';

/** Draws what view gives into root, now and whenever something changes. */
export function render(view: () => Child, root: HTMLElement): void {
	mount(root, () => h('div', null, view()));
}

/** Draws again, and waits for it. */
export async function redraw(): Promise<void> {
	draw();
	await new Promise<void>((done) => queueMicrotask(done));
}
