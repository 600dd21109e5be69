// What runs in the customer's page: the launcher, the window's place, the global function. No framework, no eval, no
// innerHTML, no inline style, no request: a strict policy of the host allows none of them, and its own look lies in a
// shadow root. What the page does to Array, Object and Promise is its own business: no array is iterated here, lookups
// have no prototype, and promises are those of async functions.

import type { Face, ToFrame, ToLoader } from './channel';
import { css } from './loader-css';

/** A call from before the loader was there: its arguments, and what ends its promise if it has one. */
type Queued = ArrayLike<unknown> & { ok?: (result: unknown) => void };
interface Global {
	(...call: unknown[]): unknown;
	q?: ArrayLike<Queued>;
	ready?: boolean;
}
interface Pending {
	m: ToFrame;
	ok(v?: unknown): void;
	no(err: unknown): void;
}
type Listener = (detail?: unknown) => void;

const d = document;
const w = window as Window & { Frontdesk?: Global };

/** What waits until there is a frame; all else that is not done here needs one, if only to be told that it is not there. */
const waits = /^(identify|locale|theme|consent|context|event)$/;

function start(origin: string, data: DOMStringMap): void {
	const key = `frontdesk:${data.inbox}`;
	const ends = new AbortController();
	const pending = { __proto__: null } as unknown as Record<string, Pending>;
	const heard = { __proto__: null, open: new Set(), close: new Set(), unread: new Set() } as unknown as Record<
		string,
		Set<Listener>
	>;
	const view = w.visualViewport as VisualViewport;
	const queue = w.Frontdesk?.q as ArrayLike<Queued>;
	let frame: HTMLIFrameElement | undefined;
	let port: MessagePort | undefined;
	let clock: ReturnType<typeof setInterval> | undefined;
	let timer: ReturnType<typeof setTimeout>;
	let isOpen = false;
	let covered = false;
	let worn: Face = {};
	let calls = 0;
	let failures = 0;
	let token: () => unknown;
	let at = '';
	let before = '';

	const make = <K extends keyof HTMLElementTagNameMap>(parent: Node, name: K) =>
		parent.appendChild(d.createElement(name));
	const host = d.createElement('frontdesk-widget');
	const root = host.attachShadow({ mode: 'closed' });
	const sheet = new CSSStyleSheet();
	root.adoptedStyleSheets = [sheet];
	const button = make(root, 'button');
	const text = make(button, 'span');
	const badge = make(button, 'i');

	/** Everything that is seen follows from the state. */
	function draw(): void {
		const { words = ['Open chat', 'Close chat', 'Trying again …'], peek } = worn;
		const whole = (isOpen && port && matchMedia('(max-width:480px),(max-height:480px)').matches) as boolean;
		button.ariaExpanded = `${isOpen}`;
		button.ariaLabel = words[+isOpen as 0];
		text.textContent = failures ? words[2] : (worn.text as string);
		badge.textContent = worn.badge as string;
		if (frame) {
			const was = frame.hidden;
			frame.hidden = !(port && (isOpen ? worn.css : peek));
			frame.className = whole ? 'o' : '';
			// The visual viewport is what the keyboard leaves.
			frame.style.cssText = whole
				? `top:${view.offsetTop}px;height:${view.height}px`
				: isOpen
					? ''
					: `height:${peek}px`;
			// Only what is seen can have focus.
			if (was && isOpen && !frame.hidden) {
				frame.focus();
				look();
			}
		}
		if (whole || covered) d.body.inert = covered = whole;
	}

	const listen = (to: EventTarget, name: string, f: unknown) => to.addEventListener(name, f as EventListener, ends);
	const emit = ({ name, detail }: { name: string; detail?: unknown }) => {
		// Each by itself: one that throws keeps nothing else from happening.
		(heard[name] as Set<Listener>).forEach((f) => {
			setTimeout(f, 0, detail);
		});
		dispatchEvent(new CustomEvent(`frontdesk:${name}`, { detail }));
	};
	const say = (m: ToFrame) => port?.postMessage(m);
	const keep = (use: (store: Storage) => void) => {
		try {
			use(localStorage);
		} catch {
			// blocked, full or not ours: the next page does without
		}
	};
	/** Puts words before the page's title, in the place of those before; the rest is as the page has it by now. */
	const entitle = ({ v = '' }) => {
		if (v !== before) d.title = v + d.title.replace(before, '');
		before = v;
	};
	/** Without query and fragment: they may hold what is nobody's business. */
	const look = () => {
		entitle({});
		at = location.href;
		say({ t: 'view', open: isOpen && !!worn.css, page: { url: location.origin + location.pathname, title: d.title } });
	};

	function load(): void {
		if (frame) return;
		frame = make(root, 'iframe');
		frame.title = 'Chat';
		frame.allow = 'autoplay';
		frame.sandbox = 'allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox';
		// One that has loaded and says nothing is an error page; one that has not loaded by then never will.
		frame.onload = () => port || within(1e3);
		within(2e4);
		// The origin in the fragment is whom the frame talks to, and nobody else.
		frame.src = `${origin}/widget/v1/frame?lang=${d.documentElement.lang}&${new URLSearchParams(data as Record<string, string>)}#${location.origin}`;
		draw();
	}

	/** Gives the frame so long to speak. Later it is made again, as long as somebody waits for it. */
	function within(ms: number): void {
		clearTimeout(timer);
		timer = setTimeout(() => {
			console.warn(`Frontdesk: no answer from ${origin}`);
			frame = frame?.remove() as undefined;
			// At most half a minute between two attempts; five for a window that nobody has opened.
			if (isOpen || failures < 5) timer = setTimeout(load, Math.min(3e4, 1e3 * 2 ** ++failures) * Math.random());
			draw();
		}, ms);
	}

	function set(open: boolean): void {
		if (open) load();
		if (open === isOpen) return;
		const inside = root.activeElement;
		isOpen = open;
		failures = 0;
		draw();
		look();
		if (!open && inside) button.focus();
		emit({ name: open ? 'open' : 'close' });
	}

	const own = {
		__proto__: null,
		open: () => set(true),
		close: () => set(false),
		toggle: () => set(!isOpen),
		show: () => {
			button.hidden = false;
		},
		hide: () => {
			button.hidden = true;
			set(false);
		},
	} as unknown as Record<string, () => void>;

	async function call(m: string, x?: unknown, y?: unknown): Promise<unknown> {
		begin();
		if (own[m]) return own[m]();
		if ((y as Listener)?.call) {
			const of = heard[x as string];
			if (m === 'on' && of) return void of.add(y as Listener);
			if (m === 'off' && of) return void of.delete(y as Listener);
			y = 0; // the frame says what is wrong
		}
		const given = (x as { token?: () => unknown } | undefined)?.token;
		if (given?.call) {
			token = given;
			x = { token: true };
		}
		if (!waits.test(m)) load();
		if (m === 'message' || m === 'article') set(true);
		// Who the customer is is said again to a new frame.
		if (m === 'logout') delete pending.who;
		const id = m === 'identify' ? 'who' : ++calls;
		const message = { t: 'call', id, m, a: structuredClone([x, y]) } as const;
		return {
			// biome-ignore lint/suspicious/noThenProperty: needs no Promise of the page's
			then(ok: () => void, no: () => void) {
				pending[id] = { m: message, ok, no };
				// Of many, as of events on a page whose chat nobody opens, the first are dropped.
				delete pending[(id as number) - 99];
				say(message);
			},
		};
	}

	const hears = {
		__proto__: own,
		face: (m: Face) => {
			wear(m);
			keep((s) => s.setItem(key, JSON.stringify(m)));
		},
		title: entitle,
		emit,
		ask: async (m: { v: unknown }) => {
			try {
				m.v = await token();
			} catch (e) {
				m.v = Error(e as string);
			}
			say({ ...m, t: 'told' } as never);
		},
		done: (m: Extract<ToLoader, { t: 'done' }>) => {
			const p = pending[m.id];
			if (m.end) end();
			if (!m.again) delete pending[m.id];
			if (m.e) p?.no(m.e);
			else p?.ok(m.v);
		},
	} as unknown as Record<string, (m: ToLoader) => void>;

	function wear(face: Face): void {
		worn = face;
		sheet.replaceSync(css(data) + (face.css ?? ''));
	}

	/** Beside the body, not in it: frameworks swap the body, and on a phone all of it is inert while the chat covers it. */
	function attach(): void {
		if (!host.isConnected) {
			port = undefined; // a frame that was taken out of the page begins anew
			d.documentElement.append(host);
			draw();
		}
		if (at !== location.href) look();
	}

	function begin(): void {
		if (clock) return;
		clock = setInterval(attach, 1000);
		keep((s) => {
			worn = JSON.parse(s.getItem(key) as string) ?? worn;
		});
		wear(worn);
		attach();
		if (worn.idle || 'proactive' in data) load();
		for (let i = 0; i < queue?.length; i++) {
			const item = queue[i] as Queued;
			const result = call(item[0] as string, item[1], item[2]);
			item.ok?.(result);
		}
	}

	function end(): void {
		entitle({});
		ends.abort();
		clearTimeout(timer);
		clearInterval(clock);
		port?.close();
		host.remove();
		keep((s) => s.removeItem(key));
		call.ready = false;
	}

	listen(w, 'message', (e: MessageEvent) => {
		const inner = frame?.contentWindow as Window;
		if (!e.isTrusted || e.source !== inner || e.origin !== origin || e.data?.frontdesk !== 'ready') return;
		clearTimeout(timer);
		failures = worn.peek = 0;
		port?.close();
		const channel = new MessageChannel();
		port = channel.port1;
		port.onmessage = ({ data }) => {
			hears[data.t]?.(data);
			draw();
		};
		inner.postMessage({ frontdesk: 'port', who: !!pending.who }, origin, [channel.port2]);
		look();
		for (const id in pending) say((pending[id] as Pending).m);
		draw();
	});
	listen(button, 'click', own.toggle);
	listen(view, 'resize', draw);
	listen(view, 'scroll', draw);

	call.ready = true;
	w.Frontdesk = call as Global;
	const idle = () => (w.requestIdleCallback ?? setTimeout)(begin, { timeout: 3000 } as never);
	if (d.readyState === 'complete') idle();
	else listen(w, 'load', idle);
}

const now = d.currentScript as HTMLScriptElement | null;
const script = now?.dataset.inbox ? now : d.querySelector<HTMLScriptElement>('script[data-inbox]');
if (!script) console.warn('Frontdesk: no data-inbox');
else if (!w.Frontdesk?.ready) start(new URL(script.src).origin, script.dataset);
