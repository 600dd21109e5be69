import { useEffect, useRef } from 'react';
import { recall, remember } from '../state/memory';
import { createStore, type Store } from '../state/store';

/** Whether single letters do anything: an agent may switch them off (WCAG 2.1.4). */
export const singleKeys: Store<boolean> = createStore(recall('screen.keys', true));
singleKeys.subscribe(() => remember('screen.keys', singleKeys.get()));

export type KeyMap = Record<string, ((event: KeyboardEvent) => void) | undefined>;

/** Whether the key belongs to what has the focus: a field, a menu, a dialog. */
export function isTyping(target: EventTarget | null): boolean {
	if (!(target instanceof Element)) return false;
	return (
		target.closest(
			'input, textarea, select, [contenteditable], [role=dialog], [role=alertdialog], [role=menu], [role=listbox]',
		) !== null
	);
}

/** Binds single keys for as long as the component is there. Keys held with a modifier are left to the browser. */
export function useKeys(keys: KeyMap): void {
	const latest = useRef(keys);
	latest.current = keys;
	useEffect(() => {
		const listen = (event: KeyboardEvent) => {
			if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
			const single = event.key.length === 1;
			if (single && !singleKeys.get()) return;
			if (isTyping(event.target) && event.key !== 'F6') return;
			const act = latest.current[single ? event.key.toLowerCase() : event.key];
			if (!act) return;
			// Enter on a control is that control's.
			if (event.key === 'Enter' && event.target instanceof Element && event.target.closest('a, button, summary'))
				return;
			event.preventDefault();
			act(event);
		};
		document.addEventListener('keydown', listen);
		return () => document.removeEventListener('keydown', listen);
	}, []);
}

/** Moves the focus to the next pane of the page: elements with data-pane, in order. */
export function nextPane(back: boolean): void {
	const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')].filter((pane) => pane.offsetParent !== null);
	const at = panes.findIndex((pane) => pane.contains(document.activeElement));
	const pane = panes.at((at + (back ? (at < 0 ? 0 : -1) : 1)) % panes.length);
	const target =
		pane?.querySelector<HTMLElement>('[aria-current="true"]') ??
		pane?.querySelector<HTMLElement>('a[href], button:not([disabled]), textarea, input, [tabindex="0"]');
	if (pane && !target) pane.tabIndex = -1;
	(target ?? pane)?.focus();
}

/** The key that goes with Enter to send: ⌘ on Apple's machines. */
export const modKey = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘' : 'Ctrl';
