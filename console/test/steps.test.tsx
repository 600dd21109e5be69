import { useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { useLate, useMedia } from '../src/context';
import { createStore, useStore } from '../src/state/store';

const env = globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean };
const was = env.IS_REACT_ACT_ENVIRONMENT;
beforeEach(() => {
	env.IS_REACT_ACT_ENVIRONMENT = false; // as in a browser: what is for later comes later
});
afterEach(() => {
	env.IS_REACT_ACT_ENVIRONMENT = was;
});

const opened = createStore(0);
const threads = createStore<Record<number, boolean>>({});

function Pane({ id }: { id: number }) {
	const here = useStore(threads, (all) => all[id]);
	useMedia('(max-width: 1px)');
	useLate(!here);
	return <p>{id}</p>;
}

function Page() {
	const id = useStore(opened);
	useEffect(() => threads.update((all) => ({ ...all, [id]: true })), [id]);
	return <Pane key={id} id={id} />;
}

// React counts commits that leave work behind, and takes 50 in a row for an endless loop. Whoever holds J down, on a
// machine that is busy, makes one after the other.
it('steps that follow one another at once leave nothing for later', async () => {
	const box = document.createElement('div');
	const root = createRoot(box);
	root.render(<Page />);
	// Drawn, and its effects are done: it follows the stores.
	await vi.waitFor(() => expect([box.textContent, threads.get()[0]]).toEqual(['0', true]));
	await new Promise((drawn) => setTimeout(drawn, 50));
	for (let step = 1; step <= 120; step++) {
		opened.set(step);
		for (let i = 0; i < 20; i++) await Promise.resolve(); // the commit comes, a timer does not
		expect(box.textContent).toBe(String(step));
	}
	root.unmount();
});
