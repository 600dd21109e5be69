// Starts the widget's document: reads its address, puts the parts together, listens to the browser.

import { render } from 'preact';
import { postSession } from './core/api';
import { Client } from './core/client';
import { Box } from './core/storage';
import { Frame } from './frame';
import './styles.css';
import { App } from './ui/App';

const query = new URLSearchParams(location.search);
const inbox = query.get('inbox') ?? '';
const standalone = query.get('standalone') === '1' || parent === window || !location.hash;

const client = new Client({
	box: new Box(`frontdesk:${inbox}:`, () => localStorage),
	locale: navigator.language,
	session: (visitor_token) => postSession({ inbox, visitor_token, locale: navigator.language }),
	socket: () => new WebSocket(`${location.origin.replace(/^http/, 'ws')}/v1/socket`, 'frontdesk.chat.v1'),
	random: Math.random,
});

const frame = new Frame(standalone, decodeURIComponent(location.hash.slice(1)));
if (standalone) document.documentElement.classList.add('standalone');
render(<App client={client} frame={frame} inbox={inbox} />, document.body);
if (!standalone) frame.connect(window, parent);

/** protocol.DeadAfter: a server gives up on a client that was silent for so long, as one does whose machine slept. */
const deadAfter = 60_000;
let hiddenAt = 0;

addEventListener('online', () => client.connection.wake());
addEventListener('offline', () => client.connection.drop());
document.addEventListener('visibilitychange', () => {
	if (document.hidden) {
		hiddenAt = Date.now();
		return;
	}
	if (Date.now() - hiddenAt > deadAfter) client.connection.drop();
	client.connection.wake();
});
