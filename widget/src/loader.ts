// What runs in the customer's page: the launcher, the frame, the global function. No framework, no eval, no innerHTML,
// no inline style (a strict CSP of the host allows none of them); its own look lies in a shadow root.

import type { ToFrame, ToLoader } from './frame';
import { css } from './loader-css';

type Method = 'open' | 'close' | 'toggle' | 'show' | 'hide' | 'message' | 'on' | 'off';
type Listener = (detail?: unknown) => void;
type Call = [method: Method, ...rest: unknown[]];
interface Global {
	(...call: Call): void;
	q?: ArrayLike<unknown>[];
	ready?: true;
}

const words = { open: 'Open chat', close: 'Close chat', title: 'Chat', unread: (n: number) => `${n} unread` };
/** A frame that says nothing for so long is dead: a transparent one would block the page. */
const silentFor = 8_000;
const w = window as Window & { Frontdesk?: Global };

/** Our own script tag: currentScript is null when a tag manager or a module puts us in. */
function ownScript(): HTMLScriptElement | undefined {
	const now = document.currentScript as HTMLScriptElement | null;
	if (now?.src) return now;
	return [...document.querySelectorAll<HTMLScriptElement>('script[data-inbox]')].find((s) => /\/widget\/v1[^/]*\/frontdesk\.js/.test(s.src));
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
	button.append(drawing());
	const badge = document.createElement('span');
	badge.hidden = true;
	button.append(badge);
	root.append(button);
	paint(host, script.dataset.colour);

	const emit = (name: 'open' | 'close' | 'unread', detail?: unknown) => {
		for (const f of listeners[name] ?? []) f(detail);
		dispatchEvent(new CustomEvent(`frontdesk:${name}`, { detail }));
	};
	const label = () => {
		const name = isOpen ? words.close : words.open;
		button.ariaLabel = unread && !isOpen ? `${name}, ${words.unread(unread)}` : name;
		button.ariaExpanded = `${isOpen}`;
		badge.hidden = isOpen || !unread;
		badge.textContent = unread > 9 ? '9+' : `${unread}`;
	};
	const say = (m: ToFrame) => {
		if (port) port.postMessage(m);
		else waiting.push(m);
	};
	/** Without query and fragment: they may hold what is nobody's business. */
	const page = () => ({ url: location.origin + location.pathname, title: document.title.slice(0, 200) });
	const phone = matchMedia('(max-width: 480px)');
	const fit = () => {
		const view = window.visualViewport;
		const whole = isOpen && phone.matches;
		document.body.inert = whole;
		// The visual viewport is what the keyboard leaves.
		host.style.setProperty('--top', whole && view ? `${view.offsetTop}px` : '0px');
		host.style.setProperty('--height', whole && view ? `${view.height}px` : '100%');
	};

	function make(): HTMLIFrameElement {
		if (frame) return frame;
		frame = document.createElement('iframe');
		frame.title = words.title;
		frame.setAttribute('sandbox', 'allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox');
		frame.allow = 'clipboard-write';
		frame.hidden = true;
		// The origin in the fragment is whom the frame talks to, and nobody else.
		frame.src = `${origin}/widget/v1/frame?inbox=${encodeURIComponent(inbox)}#${encodeURIComponent(location.origin)}`;
		root.append(frame);
		silence = setTimeout(() => {
			frame?.remove();
			frame = undefined;
			if (isOpen) close();
			console.warn(`Frontdesk: no answer from ${origin}. Is this site in the inbox's list of sites?`);
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
		fit();
		label();
		emit('open');
	}

	function close(): void {
		if (!isOpen) return;
		isOpen = false;
		if (frame) frame.hidden = true;
		say({ t: 'close' });
		fit();
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
			say({ t: 'message', text: `${text}`, page: page() });
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
	phone.onchange = fit;
	window.visualViewport?.addEventListener('resize', fit);
	window.visualViewport?.addEventListener('scroll', fit);
	label();
	// Beside the body, not in it: frameworks swap the body, and on a phone all of it is inert while the chat covers it.
	document.documentElement.append(host);

	const queue = w.Frontdesk?.q ?? [];
	w.Frontdesk = Object.assign(call, { ready: true as const });
	for (const args of Array.from(queue)) call(...(Array.from(args) as Call));

	try {
		if (localStorage.getItem(known)) (window.requestIdleCallback ?? setTimeout)(make);
	} catch {
		// no storage: the count waits for the first opening
	}
}

const svg = (name: string, attributes: Record<string, string>) => {
	const el = document.createElementNS('http://www.w3.org/2000/svg', name);
	for (const [k, v] of Object.entries(attributes)) el.setAttribute(k, v);
	return el;
};

function drawing(): SVGElement {
	const icon = svg('svg', { viewBox: '0 0 20 20', 'aria-hidden': 'true' });
	const bubble = 'M3 5.7A1.7 1.7 0 0 1 4.7 4h10.6A1.7 1.7 0 0 1 17 5.7v6.6a1.7 1.7 0 0 1-1.7 1.7H9.3L5.7 16.8V14h-1A1.7 1.7 0 0 1 3 12.3z';
	icon.append(svg('path', { class: 'o', d: bubble }), svg('path', { class: 'x', d: 'm5 7.5 5 5 5-5' }));
	return icon;
}

/** The launcher in the site's colour, its drawing white if that holds 4.5:1 on it (WCAG 2.2, 1.4.3), else black. */
function paint(host: HTMLElement, colour = ''): void {
	if (!/^#[0-9a-f]{6}$/i.test(colour)) return;
	const [r = 0, g = 0, b = 0] = [1, 3, 5].map((i) => {
		const v = Number.parseInt(colour.slice(i, i + 2), 16) / 255;
		return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
	});
	host.style.setProperty('--accent', colour);
	host.style.setProperty('--on', 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05) >= 4.5 ? '#fff' : '#000');
}

const script = ownScript();
const inbox = script?.dataset.inbox;
if (!script || !inbox) console.warn('Frontdesk: the script tag needs data-inbox, the key of an inbox.');
else if (!w.Frontdesk?.ready) start(script, inbox);
