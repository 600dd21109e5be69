// The widget with settings that nobody has saved yet: what runs on the page that Settings > Widget frames. It starts the
// widget's app as it is, in a world where the gateway's answers come from the page around it. Nothing is stored, nothing
// goes to the server.

import type { ChatClientFrame, ChatServerFrame, Entry, Session } from './protocol';

/** What the console shows. */
export interface Shown {
	session: Session;
	/** What was said; without any the first view is shown. */
	entries: Entry[];
	/** The colours and forms, as brand.css has them. */
	sheet: string;
	/** Shows this theme where the sheet names none. */
	theme: 'light' | 'dark';
}

const brand = new CSSStyleSheet();
let shown: Shown | undefined;

class Wire extends EventTarget {
	readyState = 0;
	onopen?: () => void;
	onmessage?: (e: MessageEvent) => void;
	onclose?: (e: { code: number }) => void;

	constructor() {
		super();
		setTimeout(() => {
			this.readyState = 1;
			this.onopen?.();
		});
	}

	send(data: string): void {
		const frame: ChatClientFrame = JSON.parse(data);
		if (frame.t === 'hello') this.#say({ t: 'welcome', d: { customer: '', node: '', online: true } });
		if (frame.t === 'hello' || frame.t === 'sync')
			for (const entry of shown?.entries ?? []) this.#say({ t: 'entry', d: entry });
	}

	close(): void {
		this.readyState = 3;
	}

	#say(frame: ChatServerFrame): void {
		queueMicrotask(() => {
			const event = new MessageEvent('message', { data: JSON.stringify(frame) });
			this.dispatchEvent(event);
			this.onmessage?.(event);
		});
	}
}

/** Storage that has the conversation in view, and keeps nothing. */
const storage = {
	length: 0,
	getItem: (key: string) =>
		key.endsWith(':current') && shown?.entries[0] ? JSON.stringify(shown.entries[0].conversation) : null,
	setItem: () => {},
	removeItem: () => {},
	key: () => null,
};

function show(next: Shown): void {
	const first = !shown;
	shown = next;
	brand.replaceSync(`:root{color-scheme:${next.theme}}${next.sheet}`);
	if (first) return;
	// The app asks again for who it is as soon as it is back.
	dispatchEvent(new Event('offline'));
	dispatchEvent(new Event('online'));
}

const set = (of: object, name: string, value: unknown) =>
	Object.defineProperty(of, name, { value, configurable: true });
const real = fetch;
set(window, 'fetch', (address: RequestInfo | URL, init?: RequestInit) => {
	const path = new URL(`${address}`, location.href).pathname;
	if (!path.startsWith('/v1/')) return real(address, init);
	return Promise.resolve(
		path === '/v1/session'
			? Response.json(shown?.session)
			: Response.json({ detail: '', code: 'not_found' }, { status: 404 }),
	);
});
set(window, 'WebSocket', Wire);
set(window, 'localStorage', storage);
set(window, 'indexedDB', undefined);
set(window, 'BroadcastChannel', undefined);
set(navigator, 'locks', undefined);
document.adoptedStyleSheets.push(brand);

addEventListener('message', (e: MessageEvent) => {
	if (e.source !== parent || e.origin !== location.origin || !e.data?.preview) return;
	const first = !shown;
	show(e.data.preview);
	if (first) void begin();
});

/** Starts the app, and opens it as the loader of a site does. */
async function begin(): Promise<void> {
	await import(/* @vite-ignore */ new URL('../widget/app.js', import.meta.url).href);
	const { port1, port2 } = new MessageChannel();
	const data = { frontdesk: 'port', data: {}, who: false };
	dispatchEvent(new MessageEvent('message', { data, origin: location.origin, source: parent, ports: [port2] }));
	port1.postMessage({ t: 'view', open: true, page: { url: '', title: '' } });
}

parent.postMessage({ preview: 'ready' }, location.origin);
