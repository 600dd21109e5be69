// The types of JSX. Attributes and events are called as the platform calls them: class, for, onclick.

import type * as made from './vnode';

type Handlers<E> = {
	[N in keyof HTMLElementEventMap as `on${N}`]?: (e: HTMLElementEventMap[N] & { currentTarget: E }) => void;
};
type Attributes<E> = { key?: string | number; children?: made.Child; [name: string]: unknown } & Handlers<E>;

declare global {
	const h: typeof made.h;
	const Fragment: typeof made.Fragment;

	namespace JSX {
		type Element = made.VNode;
		type ElementType = keyof IntrinsicElements | ((props: never) => made.Child);
		interface ElementChildrenAttribute {
			children: unknown;
		}
		interface IntrinsicAttributes {
			key?: string | number;
		}
		type IntrinsicElements = { [T in keyof HTMLElementTagNameMap]: Attributes<HTMLElementTagNameMap[T]> } & {
			[T in 'svg' | 'path']: Attributes<SVGElement>;
		};
	}
}
