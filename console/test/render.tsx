import { act, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { Router } from 'wouter';
import { memoryLocation } from 'wouter/memory-location';

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

/** Draws something into a page of its own. */
export async function render(what: ReactNode): Promise<HTMLElement> {
	const box = document.createElement('div');
	document.body.replaceChildren(box);
	const { hook } = memoryLocation({ path: '/' });
	await act(async () => createRoot(box).render(<Router hook={hook}>{what}</Router>));
	return box;
}

export async function press(element: Element | null | undefined): Promise<void> {
	await act(async () => (element as HTMLElement | null)?.click());
}
