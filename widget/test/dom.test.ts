// Whatever was drawn before, the document is what the last vnode says: random trees, drawn one over the other, compared
// with the same trees drawn fresh. Among them are vnodes that are kept from before, as the log keeps its entries.

import { expect, test } from 'vitest';
import { patch } from '../src/ui/dom';
import { h, type VNode } from '../src/vnode';

const tags = ['p', 'b', 'ul', 'svg', 'button'];

/** mulberry32: small, and the same everywhere. */
function seeded(seed: number): (below: number) => number {
	let state = seed;
	return (below) => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
	};
}

/** A tree of at most four levels; some of its parts are those of kept, the same objects as before, each once. */
function tree(pick: (below: number) => number, kept: VNode[], depth = 0): VNode {
	const props: Record<string, unknown> = {};
	if (pick(2)) props.class = `c${pick(3)}`;
	if (pick(3) === 0) props['aria-label'] = pick(2) ? `l${pick(3)}` : null;
	if (pick(3) === 0) props.hidden = pick(2) === 1;
	if (depth > 0 && pick(2)) props.key = `k${pick(4)}`;
	const children = Array.from({ length: depth < 3 ? pick(5) : 0 }, () => {
		const kind = pick(6);
		if (kind === 0) return null;
		if (kind < 3) return `t${pick(4)}`;
		const known = kind === 3 && depth === 0 ? kept.splice(pick(kept.length), 1)[0] : undefined;
		return known ?? tree(pick, kept, depth + 1);
	});
	return h(depth === 0 ? 'div' : (tags[pick(tags.length)] as string), props, ...children) as VNode;
}

/** The same vnodes, as if none had been drawn. */
const fresh = (v: VNode): VNode => ({ ...v, node: undefined, kids: v.kids.map(fresh) });

test('a document drawn over another is the same as one drawn fresh', () => {
	for (let seed = 1; seed <= 400; seed++) {
		const pick = seeded(seed);
		let was: VNode | undefined;
		for (let turn = 0; turn < 8; turn++) {
			const now = tree(pick, was ? was.kids.filter((kid) => kid.tag) : []);
			const node = patch(was, now) as Element;
			if (turn > 0) expect(node, `seed ${seed}`).toBe(was?.node);
			const anew = patch(undefined, fresh(now)) as Element;
			if (!node.isEqualNode(anew)) expect(node.outerHTML, `seed ${seed}, turn ${turn}`).toBe(anew.outerHTML);
			was = now;
		}
	}
});

test('a child that stays under its key keeps its element', () => {
	for (let seed = 1; seed <= 200; seed++) {
		const pick = seeded(seed);
		const list = (keys: number[]) => h('ul', null, ...keys.map((key) => h('li', { key }, `${key}`))) as VNode;
		const some = () => [1, 2, 3, 4, 5, 6].filter(() => pick(3) > 0).sort(() => pick(2) - 0.5);
		let was = list(some());
		patch(undefined, was);
		for (let turn = 0; turn < 6; turn++) {
			const now = list(some());
			const before = new Map(was.kids.map((kid) => [kid.key, kid.node]));
			patch(was, now);
			for (const kid of now.kids) if (before.has(kid.key)) expect(kid.node, `seed ${seed}`).toBe(before.get(kid.key));
			was = now;
		}
	}
});
