// Starts the widget's document: reads its address, puts the parts together, listens to the browser.

import { postSession } from './core/api';
import { Carrier } from './core/carrier';
import { Client } from './core/client';
import { Box } from './core/storage';
import { Tabs } from './core/tabs';
import { Frame } from './frame';
import './styles.css';
import { speak } from './text/words';
import { App } from './ui/App';
import { draw } from './ui/draw';

const standalone = parent === window;
const hash = location.hash.slice(1);
const frame = new Frame(standalone, hash);
const { tag } = frame;
const inbox = tag.get('inbox') ?? '';
// A page of its own may have the token of a link from an e-mail. It is no visitor: what it keeps ends with the tab.
const resume = standalone ? hash : '';

const beside = () => import('./panes/beside');
const site = () => import('./panes/site');
const space = `frontdesk:${inbox}:`;
const box = new Box(space, () => (resume ? sessionStorage : localStorage));
const carrier = new Carrier(
	new Box(space, () => sessionStorage),
	() => new WebSocket(`${location.origin.replace(/^http/, 'ws')}/v1/socket`, 'frontdesk.chat.v1'),
);
const tabs = new Tabs(() => client.connection);
const client: Client = new Client({
	box,
	locale: tag.get('locale') || tag.get('lang') || navigator.language,
	session: (visitor_token) =>
		(client.sign ?? postSession)({ inbox, visitor_token, resume, locale: client.world.locale }),
	resume,
	database: resume ? undefined : () => beside().then((pane) => pane.database(space)),
	socket: (of) => tabs.open(resume ? '' : space + of.customer, () => carrier.open()),
	random: Math.random,
});

if (standalone) document.documentElement.classList.add('standalone');
// The server has chosen among the languages of the page, the browser and the inbox, and sent the words ahead.
speak(document.documentElement.lang).then(draw);
new App(client, frame, inbox).start();
try {
	localStorage; // throws where the frame may keep nothing
} catch {
	client.sign = (of) => site().then((pane) => pane.postKnown(of));
}
// The first time that is written costs a task of its own; it is had while words and session are on their way.
setTimeout(() => new Intl.DateTimeFormat().format());
const { connection } = client;
// A page that is about to say who its customer is starts it with that.
frame.onReady = (soon) => soon || connection.start();
if (standalone) connection.start();
else frame.connect(window, parent);
