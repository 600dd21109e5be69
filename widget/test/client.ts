// A client of a gateway in memory, and a window to draw what it knows in.

import { Client, type World } from '../src/core/client';
import { Box } from '../src/core/storage';
import { FakeServer } from './fake-server';

/** A client as a page load makes one: what an earlier one kept is there. world is what is another than in most tests. */
export function clientOf(server: FakeServer, world?: Partial<World>): Client {
	return new Client({
		box: new Box('k:', () => localStorage),
		locale: 'en',
		session: (token) => server.session(token),
		socket: async () => server.socket(),
		random: () => 0.5,
		...world,
	});
}

/** An empty window, and the client of a conversation that is drawn in it. Nothing is sent before that is started. */
export function stage(server = new FakeServer()): { root: HTMLElement; client: Client } {
	const root = document.createElement('div');
	document.body.replaceChildren(root);
	const client = clientOf(server);
	client.current = 'c';
	return { root, client };
}
