// Draws a view once, for a test that looks at what became of it.

import type { Child, VNode } from '../src/jsx-runtime';
import { jsx } from '../src/jsx-runtime';
import { draw, mount } from '../src/ui/draw';

/** Draws what view gives into root, now and whenever something changes. */
export function render(view: () => Child, root: HTMLElement): void {
	mount(root, () => jsx('div', { children: view() }) as VNode);
}

/** Draws again, and waits for it. */
export async function redraw(): Promise<void> {
	draw();
	await new Promise<void>((done) => queueMicrotask(done));
}
