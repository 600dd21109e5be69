import { recall, remember } from '../state/memory';
import { createStore, type Store } from '../state/store';

/** Whether single letters do anything: an agent may switch them off (WCAG 2.1.4). */
export const singleKeys: Store<boolean> = createStore(recall('screen.keys', true));
singleKeys.subscribe(() => remember('screen.keys', singleKeys.get()));

/** Whether the key belongs to what has the focus: a field, a menu, a dialog. */
export function isTyping(target: EventTarget | null): boolean {
	if (!(target instanceof Element)) return false;
	return (
		target.closest(
			'input, textarea, select, [contenteditable], [role=dialog], [role=alertdialog], [role=menu], [role=listbox]',
		) !== null
	);
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

/** How a key of a command is written on a keyboard. */
export function keyCaps(key: string): string[] {
	const names: Record<string, string> = { mod: modKey, Enter: '↵', Escape: 'Esc' };
	return key.split('+').map((part) => names[part] ?? part.toUpperCase());
}
