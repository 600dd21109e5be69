// A logout leaves nothing of that customer: not in storage, and not in the other tabs of this browser, which begin anew.

import type { Client } from '../../core/client';
import type { App } from '../App';

/** In storage while the rest of it is taken away. It sorts last: when it goes, all else is gone. */
const out = '~out';

/** Forgets all that this browser keeps of the visitor, and keeps no more; who calls it ends the window. */
export function forget(client: Client): void {
	const { outbox, box } = client;
	silence(client);
	for (const item of outbox.items) outbox.remove(item.frame.d.client_id);
	for (const name of box.names('')) box.remove(name);
}

/** As forget, and the other tabs forget too. */
export function leave(client: Client): void {
	client.box.set(out, 1);
	forget(client);
}

/** A session that is on its way, a word that is typed: what comes now is neither kept nor seen. */
function silence(client: Client): void {
	client.connection.stop();
	client.act = client.box.set = () => {};
	document.body.hidden = true;
}

let heeds = false;

/** After the first drawing: hears of a logout in another tab. */
export function heed({ client, frame, inbox }: App): void {
	if (heeds) return;
	heeds = true;
	addEventListener('storage', ({ key, newValue }) => {
		if (key !== `frontdesk:${inbox}:${out}`) return;
		silence(client);
		if (newValue) return;
		// What was kept here after all else was gone; who comes next may have begun in the other tab.
		const token = client.box.get('token');
		if (!token || token === client.visitor) forget(client);
		frame.say({ t: 'done', id: 'who', e: Error('logged out in another tab') }); // what the page said is not said again
		location.reload();
	});
}
