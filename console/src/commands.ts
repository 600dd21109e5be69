import { useEffect, useRef } from 'react';
import type { Key } from './text';
import type { IconName } from './ui/Icon';
import { isTyping, singleKeys } from './ui/keys';

/** Where a command stands in the list of keys and in the palette. */
export type Group = 'conversation' | 'move' | 'everywhere';

export interface Command {
	/** What it does, in a few words: for the list of keys and the palette. */
	words: Key;
	/** As KeyboardEvent.key has it, letters in lower case; "mod+k" is with ⌘ or Ctrl. The first is shown. */
	keys?: readonly string[];
	group: Group;
	icon?: IconName;
	/** It makes no sense out of a list: moving about, and what only the page itself can mean. */
	unlisted?: boolean;
}

/*
 * Everything that can be done by a key or from the palette: the one table that keys, the list behind "?" and the palette
 * come from. A page says what a command does, while it can be done, with useCommands. Another command is a line here.
 */
export const commands = {
	take: { words: 'keys.enter', keys: ['Enter'], group: 'conversation', icon: 'check' },
	accept: { words: 'offer.accept', keys: ['y'], group: 'conversation', icon: 'check' },
	decline: { words: 'offer.decline', keys: ['x'], group: 'conversation', icon: 'x' },
	reply: { words: 'keys.r', keys: ['r'], group: 'conversation', icon: 'chat' },
	note: { words: 'keys.n', keys: ['n'], group: 'conversation', icon: 'note' },
	insert: { words: 'keys.i', keys: ['i'], group: 'conversation', icon: 'insert' },
	macros: { words: 'keys.macros', keys: ['/'], group: 'conversation', icon: 'slash' },
	articles: { words: 'keys.articles', keys: ['a'], group: 'conversation', icon: 'book' },
	promise: { words: 'keys.p', keys: ['p'], group: 'conversation', icon: 'receipt' },
	fold: { words: 'keys.b', keys: ['b'], group: 'conversation', icon: 'split' },
	customer: { words: 'keys.c', keys: ['c'], group: 'conversation', icon: 'person' },
	transfer: { words: 'keys.t', keys: ['t'], group: 'conversation', icon: 'transfer' },
	snooze: { words: 'keys.z', keys: ['z'], group: 'conversation', icon: 'moon' },
	release: { words: 'conv.release', group: 'conversation', icon: 'bell' },
	tag: { words: 'keys.tag', keys: ['l', '#'], group: 'conversation', icon: 'plus' },
	close: { words: 'keys.e', keys: ['e'], group: 'conversation', icon: 'done' },
	gap: { words: 'keys.gap', group: 'conversation', icon: 'file' },
	next: { words: 'keys.next', keys: ['j'], group: 'move', unlisted: true },
	previous: { words: 'keys.previous', keys: ['k'], group: 'move', unlisted: true },
	pane: { words: 'keys.f6', keys: ['F6'], group: 'move', unlisted: true },
	search: { words: 'keys.search', keys: ['f', '/'], group: 'move', icon: 'search' },
	views: { words: 'keys.views', keys: ['v'], group: 'move', icon: 'list' },
	mentions: { words: 'keys.mentions', keys: ['m'], group: 'move', icon: 'at' },
	dismiss: { words: 'keys.esc', keys: ['Escape'], group: 'everywhere', unlisted: true },
	palette: { words: 'keys.palette', keys: ['mod+k'], group: 'everywhere', unlisted: true },
	keys: { words: 'keys.list', keys: ['?'], group: 'everywhere', icon: 'list' },
} as const satisfies Record<string, Command>;

export type CommandName = keyof typeof commands;
export type Handlers = Partial<Record<CommandName, ((event?: KeyboardEvent) => void) | undefined>>;

// What can be done now, by the components that are there; the one that came last goes first.
const layers: { current: Handlers }[] = [];

/** What a command does now; undefined when it cannot be done. */
export function handlerOf(name: CommandName): ((event?: KeyboardEvent) => void) | undefined {
	for (const layer of layers.toReversed()) if (layer.current[name]) return layer.current[name];
	return undefined;
}

/** Says what commands do, for as long as the component is there. One that is undefined cannot be done just now. */
export function useCommands(handlers: Handlers): void {
	const latest = useRef(handlers);
	latest.current = handlers;
	useEffect(() => {
		if (layers.length === 0) document.addEventListener('keydown', listen);
		layers.push(latest);
		return () => {
			layers.splice(layers.indexOf(latest), 1);
			if (layers.length === 0) document.removeEventListener('keydown', listen);
		};
	}, []);
}

/** Carries out the command of a key. Other keys held with a modifier are left to the browser. */
function listen(event: KeyboardEvent): void {
	if (event.defaultPrevented || event.isComposing || event.altKey) return;
	const single = event.key.length === 1;
	const mod = event.metaKey || event.ctrlKey;
	const key = `${mod ? 'mod+' : ''}${single ? event.key.toLowerCase() : event.key}`;
	if (single && !mod && !singleKeys.get()) return;
	if (!mod && isTyping(event.target) && event.key !== 'F6') return;
	// Enter on a control is that control's.
	if (event.key === 'Enter' && event.target instanceof Element && event.target.closest('a, button, summary')) return;
	for (const name of Object.keys(commands) as CommandName[]) {
		const { keys }: Command = commands[name];
		const run = keys?.includes(key) ? handlerOf(name) : undefined;
		if (!run) continue;
		event.preventDefault();
		run(event);
		return;
	}
}
