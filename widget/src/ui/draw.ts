// When the window is drawn. Views are plain functions of what the client and the state classes hold: whoever changes
// something calls draw(), and all of it is drawn again, once for all changes of the same moment. A vnode that is the
// same object as the time before costs nothing.

import type { VNode } from '../vnode';
import { patch } from './dom';

let home: Element;
let view: (() => VNode) | undefined;
let drawn: VNode | undefined;
let due = false;
let next: (() => void)[] = [];

/** Draws what show gives into parent, now and after each draw(). Its tag and key never change. */
export function mount(parent: Element, show: () => unknown): void {
	home = parent;
	view = show as () => VNode;
	drawn = undefined;
	paint();
}

/** Something changed: the window is drawn at the end of this moment's work. */
export function draw(): void {
	if (due) return;
	due = true;
	queueMicrotask(paint);
}

/** For the view that is being made: does something once it stands in the document, as to move the focus. */
export const after = (act: () => void): void => void next.push(act);

/** What a view remembers about an object, as whether the form in an entry's card is open: made when first asked for. */
export function stateOf<T>(make: () => T): (of: object) => T {
	const all = new WeakMap<object, T>();
	return (of) => {
		const known = all.get(of) ?? make();
		all.set(of, known);
		return known;
	};
}

function paint(): void {
	due = false;
	if (!view) return;
	const now = view();
	const node = patch(drawn, now);
	if (!drawn) home.append(node);
	drawn = now;
	const acts = next;
	next = [];
	for (const act of acts) act();
}
