// What the compiler makes of JSX: plain objects that say what the document should be. A function as type is called at
// once and is no more than a part of its caller: it has no state and no life of its own. The build imports h and
// Fragment into every file with JSX.

/** An element, or with the tag "" a text. */
export interface VNode {
	/** Made here: nothing that came from a server is taken for one. */
	h: typeof h;
	tag: string;
	props: Record<string, unknown>;
	kids: VNode[];
	key?: string | number | undefined;
	/** Where it stands in the document. */
	node?: Node;
}
export type Child = VNode | string | number | boolean | null | undefined | Child[];

type Props = Record<string, unknown> & { key?: string | number; children?: Child };

/**
 * Strings and numbers become text; null, false and 0 keep the place of what may come there, so that its neighbours stay
 * where they are.
 */
export function h(type: string | ((props: Props) => Child), all?: Props | null, ...children: Child[]): Child {
	const { key, ...props } = all ?? {};
	if (typeof type === 'string') return { h, tag: type, props, kids: children.flat(9).map(vnode), key };
	const made = type({ ...props, children }) as VNode | null;
	if (made && key !== undefined) made.key = key;
	return made;
}

const vnode = (c: unknown): VNode =>
	(c as VNode)?.h === h
		? (c as VNode)
		: { h, tag: '', props: { data: c && c !== true && typeof c !== 'object' ? `${c}` : '' }, kids: [] };

export const Fragment = (props: { children?: Child }): Child => props.children;
