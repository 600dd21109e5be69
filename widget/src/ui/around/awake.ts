// What a connection need not find out by itself: the machine has slept, the network has gone or come back.

import type { Connection } from '../../core/connection';

/** A gap between two looks that no timer explains, a hidden tab's neither: the machine slept, or the tab. */
const asleep = 90_000;
let awake = Date.now();
let watched: Connection | undefined;

/** Listens to the browser, from the first call on. */
export function watch(connection: Connection): void {
	if (watched) return;
	watched = connection;
	setInterval(look, 20_000);
	addEventListener('online', () => connection.wake());
	addEventListener('offline', () => connection.drop());
	document.addEventListener('visibilitychange', () => {
		if (document.hidden) return;
		look();
		connection.wake();
	});
}

/** What a connection was before a sleep is no more, whatever the browser thinks. */
function look(): void {
	const now = Date.now();
	if (now - awake > asleep) watched?.drop();
	awake = now;
}
