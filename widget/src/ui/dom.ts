// Makes the document what a vnode says, and changes no more of it than has changed.

import type { VNode } from '../vnode';

/** The node of now, which stands where that of was stood. The same object as before has not changed. */
export function patch(was: VNode | undefined, now: VNode, svg?: boolean): Node {
	if (was === now && now.node) return now.node;
	const drawing = svg || now.tag === 'svg';
	const { tag } = now;
	const old = was?.tag === tag ? was : undefined;
	const node = (old?.node ??
		(tag
			? document.createElementNS(`http://www.w3.org/${drawing ? '2000/svg' : '1999/xhtml'}`, tag)
			: new Text())) as Element & Record<string, unknown>;
	for (const name in { ...old?.props, ...now.props }) {
		const value = now.props[name];
		// What the visitor typed or chose counts as the document has it.
		if ((name === 'value' || name === 'checked' ? node[name] : old?.props[name]) === value) continue;
		if (!(drawing && tag) && name in node) node[name] = value ?? (name.startsWith('on') ? null : '');
		else if (value == null || value === false) node.removeAttribute(name);
		else node.setAttribute(name, `${value}`);
	}
	arrange(node, old?.kids ?? [], now.kids, drawing);
	now.node = node;
	return node;
}

/** The same child is found again wherever it is, one with a key by it, others by their place among those without. */
function arrange(parent: Node, was: VNode[], now: VNode[], svg: boolean): void {
	const known = new Map<unknown, VNode>();
	const stays = new Set<VNode | undefined>();
	let nth = 0;
	for (const v of was) known.set(v.key ?? --nth, v).set(v, v);
	nth = 0;
	const nodes = now.map((v) => {
		const like = known.get(v.key ?? --nth);
		const old = known.get(v) ?? like;
		if (old?.tag !== v.tag || stays.has(old)) return patch(undefined, v, svg);
		stays.add(old);
		return patch(old, v, svg);
	});
	// First what goes, so that what stays is not moved: that would take the focus from it.
	for (const v of was) if (!stays.has(v)) (v.node as ChildNode | undefined)?.remove();
	let next = parent.firstChild;
	for (const node of nodes) {
		if (node === next) next = next.nextSibling;
		else parent.insertBefore(node, next);
	}
}
