// What runs in the customer's page: the launcher, the frame, the global function. No framework, no eval, no innerHTML,
// no inline style (a strict CSP of the host allows none of them); its own look lies in a shadow root.

import type { ToFrame, ToLoader } from './frame';
import { css } from './loader-css';

type Method = 'open' | 'close' | 'toggle' | 'show' | 'hide' | 'message' | 'on' | 'off';
type Listener = (detail?: unknown) => void;
type Call = [method: Method, ...rest: unknown[]];
interface Global {
	(...call: Call): void;
	q?: Iterable<Iterable<unknown>>;
	ready?: true;
}

/** A frame that says nothing for so long is dead: a transparent one would block the page. */
const silentFor = 8_000;
const bubble =
	'M3 5.7A1.7 1.7 0 0 1 4.7 4h10.6A1.7 1.7 0 0 1 17 5.7v6.6a1.7 1.7 0 0 1-1.7 1.7H9.3L5.7 16.8V14h-1A1.7 1.7 0 0 1 3 12.3z';
const chevron = 'm5 7.5 5 5 5-5';
const svg = (name: string) => document.createElementNS('http://www.w3.org/2000/svg', name);
const w = window as Window & { Frontdesk?: Global };

/** Our own script tag: currentScript is null when a tag manager or a module puts us in. */
function ownScript(): HTMLScriptElement | null {
	const now = document.currentScript as HTMLScriptElement | null;
	return now?.src ? now : document.querySelector<HTMLScriptElement>('script[data-inbox][src*="/widget/v1"]');
}

function start(script: HTMLScriptElement, inbox: string): void {
	const origin = new URL(script.src).origin;
	const known = `frontdesk:${inbox}`;
	const listeners: Record<string, Set<Listener>> = { open: new Set(), close: new Set(), unread: new Set() };
	const waiting: ToFrame[] = [];
	let frame: HTMLIFrameElement | undefined;
	let port: MessagePort | undefined;
	let isOpen = false;
	let unread = 0;
	let silence: ReturnType<typeof setTimeout> | undefined;

	const host = document.createElement('frontdesk-widget');
	const root = host.attachShadow({ mode: 'closed' });
	const sheet = new CSSStyleSheet();
	sheet.replaceSync(css);
	root.adoptedStyleSheets = [sheet];
	const button = document.createElement('button');
	button.type = 'button';
	const icon = svg('svg');
	const path = svg('path');
	icon.setAttribute('viewBox', '0 0 20 20');
	const badge = document.createElement('span');
	icon.append(path);
	button.append(icon, badge);
	root.append(button);
	paint(host, script.dataset.colour);

	const emit = (name: 'open' | 'close' | 'unread', detail?: unknown) => {
		for (const f of listeners[name] ?? []) f(detail);
		dispatchEvent(new CustomEvent(`frontdesk:${name}`, { detail }));
	};
	const label = () => {
		button.ariaLabel = isOpen ? 'Close chat' : `Open chat${unread ? `, ${unread} unread` : ''}`;
		button.ariaExpanded = `${isOpen}`;
		path.setAttribute('d', isOpen ? chevron : bubble);
		badge.hidden = isOpen || !unread;
		badge.textContent = unread > 9 ? '9+' : `${unread}`;
	};
	const say = (m: ToFrame) => {
		if (port) port.postMessage(m);
		else waiting.push(m);
	};
	/** Without query and fragment: they may hold what is nobody's business. */
	const page = () => ({
		url: (location.origin + location.pathname).slice(0, 2000),
		title: document.title.slice(0, 120),
	});
	const phone = matchMedia('(max-width:480px)');
	const view = window.visualViewport;
	const cover = () => {
		const whole = isOpen && phone.matches;
		document.body.inert = whole;
		// The visual viewport is what the keyboard leaves.
		if (frame) frame.style.top = whole && view ? `${view.offsetTop}px` : '';
		if (frame) frame.style.height = whole && view ? `${view.height}px` : '';
	};

	function make(): HTMLIFrameElement {
		if (frame) return frame;
		frame = document.createElement('iframe');
		frame.title = 'Chat';
		frame.setAttribute(
			'sandbox',
			'allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox',
		);
		frame.hidden = true;
		// The origin in the fragment is whom the frame talks to, and nobody else.
		frame.src = `${origin}/widget/v1/frame?inbox=${encodeURIComponent(inbox)}#${encodeURIComponent(location.origin)}`;
		root.append(frame);
		silence = setTimeout(() => {
			frame?.remove();
			frame = undefined;
			if (isOpen) close();
			console.warn(`Frontdesk: no answer from ${origin}. Is this site on the inbox's list?`);
		}, silentFor);
		return frame;
	}

	addEventListener('message', (e) => {
		if (!frame || e.source !== frame.contentWindow || e.origin !== origin || e.data?.frontdesk !== 'ready') return;
		clearTimeout(silence);
		port?.close();
		const channel = new MessageChannel();
		port = channel.port1;
		port.onmessage = (m) => receive(m.data);
		frame.contentWindow?.postMessage({ frontdesk: 'port' }, origin, [channel.port2]);
		for (const m of waiting.splice(0)) say(m);
	});

	function receive(m: ToLoader): void {
		if (m.t === 'close') {
			close();
			button.focus();
			return;
		}
		try {
			// So that the next page knows of a conversation, and asks for its unread messages.
			if (m.known) localStorage.setItem(known, '1');
			else localStorage.removeItem(known);
		} catch {
			// the next page does without
		}
		if (m.unread === unread) return;
		unread = m.unread;
		label();
		emit('unread', unread);
	}

	function open(): void {
		host.hidden = false;
		const f = make();
		if (isOpen) return;
		isOpen = true;
		f.hidden = false;
		f.focus();
		say({ t: 'open', page: page() });
		cover();
		label();
		emit('open');
	}

	function close(): void {
		if (!isOpen) return;
		isOpen = false;
		if (frame) frame.hidden = true;
		say({ t: 'close' });
		cover();
		label();
		emit('close');
	}

	const toggle = () => (isOpen ? close() : open());
	const methods: Record<Method, (...rest: never[]) => void> = {
		open,
		close,
		toggle,
		show: () => {
			host.hidden = false;
		},
		hide: () => {
			close();
			host.hidden = true;
		},
		message: (text: string) => {
			open();
			say({ t: 'message', text: `${text}` });
		},
		on: (name: string, f: Listener) => void listeners[name]?.add(f),
		off: (name: string, f: Listener) => void listeners[name]?.delete(f),
	};
	const call = (...[method, ...rest]: Call) => {
		if (Object.hasOwn(methods, method)) methods[method](...(rest as never[]));
		else console.warn(`Frontdesk: there is no method "${method}".`);
	};

	button.onclick = toggle;
	root.addEventListener('keydown', (e) => {
		if ((e as KeyboardEvent).key === 'Escape') close();
	});
	phone.onchange = cover;
	view?.addEventListener('resize', cover);
	view?.addEventListener('scroll', cover);
	label();
	// Beside the body, not in it: frameworks swap the body, and on a phone all of it is inert while the chat covers it.
	document.documentElement.append(host);

	const queue = w.Frontdesk?.q ?? [];
	w.Frontdesk = Object.assign(call, { ready: true as const });
	for (const args of queue) call(...([...args] as Call));

	try {
		if (localStorage.getItem(known)) (window.requestIdleCallback ?? setTimeout)(make);
	} catch {
		// no storage: the count waits for the first opening
	}
}

/**
 * The launcher in the site's colour; its drawing white if that holds 4.5:1 on it (WCAG 2.2, 1.4.3), else black. Gamma is
 * taken as 2.2: near the limit either would do, a drawing needs 3:1.
 */
function paint(host: HTMLElement, colour = ''): void {
	if (!/^#[0-9a-f]{6}$/i.test(colour)) return;
	const part = (i: number) => (Number(`0x${colour.slice(i, i + 2)}`) / 255) ** 2.2;
	const light = 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
	host.style.setProperty('--accent', colour);
	// 1.05 / (light + 0.05) >= 4.5
	host.style.setProperty('--on', light <= 0.1833 ? '#fff' : '#000');
}

const script = ownScript();
const inbox = script?.dataset.inbox;
if (!script || !inbox) console.warn('Frontdesk: the script tag needs data-inbox, the key of an inbox.');
else if (!w.Frontdesk?.ready) start(script, inbox);
