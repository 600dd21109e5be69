// What the compiler makes of JSX: plain objects that say what the document should be. A function as type is called at
// once and is no more than a part of its caller: it has no state and no life of its own.

/** An element, or with the tag "" a text. */
export interface VNode {
	tag: string;
	props: Record<string, unknown>;
	kids: VNode[];
	key: string | number | undefined;
	/** Where it stands in the document. */
	node?: Node;
}
export type Child = VNode | string | number | boolean | null | undefined | Child[];

type Handlers<E> = {
	[N in keyof HTMLElementEventMap as `on${N}`]?: (e: HTMLElementEventMap[N] & { currentTarget: E }) => void;
};
type Attributes<E> = { key?: string | number; children?: Child; [name: string]: unknown } & Handlers<E>;

/** Attributes and events are called as the platform calls them: class, for, onclick. */
export declare namespace JSX {
	type Element = VNode;
	type ElementType = keyof IntrinsicElements | ((props: never) => Child);
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

type Props = Record<string, unknown> & { children?: Child };

/**
 * Strings and numbers become text; null, false and 0 keep the place of what may come there, so that its neighbours stay
 * where they are. props is the compiler's own object, made for this call.
 */
export function jsx(type: string | ((props: Props) => Child), props: Props, key?: string | number): Child {
	if (typeof type === 'function') {
		const made = type(props) as VNode | null;
		if (made && key !== undefined) made.key = key;
		return made;
	}
	const { children, ...rest } = props;
	return { tag: type, props: rest, kids: children === undefined ? [] : [children].flat(9).map(vnode), key };
}

const vnode = (c: unknown): VNode =>
	c && typeof c === 'object'
		? (c as VNode)
		: { tag: '', props: { data: c && c !== true ? `${c}` : '' }, kids: [], key: undefined };

export const Fragment = (props: { children?: Child }): Child => props.children;
export { jsx as jsxs };
