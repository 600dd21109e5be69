// A part of the window that is loaded when it is first needed.

import { draw } from './draw';

/** The part; undefined until it is loaded. Asking for it starts that. */
export interface Lazy<M> {
	(): M | undefined;
	/** Whether it need not be waited for: it is loaded, or loading failed. */
	here(): boolean;
}

const tryAgainAfter = 3_000;

/** When loading fails (offline, a new build), it is tried again, and the window goes on without it. */
export function lazy<M>(load: () => Promise<M>): Lazy<M> {
	let part: M | undefined;
	let asked = false;
	let settled = false;
	const start = () =>
		load()
			.then(
				(m) => {
					part = m;
				},
				() => void setTimeout(start, tryAgainAfter),
			)
			.then(() => {
				settled = true;
				draw();
			});
	const get = () => {
		if (!asked) start();
		asked = true;
		return part;
	};
	const here = () => {
		get();
		return settled;
	};
	return Object.assign(get, { here });
}
