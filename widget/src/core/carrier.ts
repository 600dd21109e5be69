// What carries a connection: a websocket, and where proxies break those, requests (panes/site).

import type { Socket } from './connection';
import type { Box } from './storage';

const pane = () => import('../panes/site');

/** An attempt that got no answer for so long was swallowed; Connection's patience is a little longer. */
const swallowed = 9_000;

export class Carrier {
	/** Attempts in a row that nothing came of; one that was swallowed counts as two. */
	misses = 0;
	#opened = 0; // when the last attempt began; 0 once something came of it

	/** The box, in which the pane remembers its way, should end with the tab. */
	constructor(
		readonly box: Box,
		readonly websocket: () => Socket,
	) {}

	async open(): Promise<Socket> {
		const now = Date.now();
		if (this.#opened) this.misses += now - this.#opened < swallowed ? 1 : 2;
		const socket = this.misses > 1 || this.box.get('way') ? (await pane()).open(this) : this.websocket();
		this.#opened = now;
		socket.addEventListener('message', () => {
			this.misses = this.#opened = 0;
		});
		return socket;
	}
}
