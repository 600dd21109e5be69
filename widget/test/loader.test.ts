import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

const origin = 'https://chat.example';
type Frontdesk = ((...args: unknown[]) => Promise<unknown> | undefined) & { q?: unknown[]; ready?: boolean };
const page = window as unknown as { Frontdesk?: Frontdesk };

/** Where the loader draws; its root is closed to everybody else. */
let root: ShadowRoot;
/** What stands for the frame's window. */
let inner: { postMessage: ReturnType<typeof vi.fn> };
/** The loader's listeners on the page's window, so that one test's loader does not hear another's messages. */
let heard: [string, EventListener][];

beforeEach(() => {
	vi.resetModules();
	vi.useFakeTimers();
	localStorage.clear();
	document.querySelector('frontdesk-widget')?.remove();
	document.body.replaceChildren();
	delete page.Frontdesk;
	inner = { postMessage: vi.fn() };
	heard = [];
	const attach = Element.prototype.attachShadow;
	vi.spyOn(Element.prototype, 'attachShadow').mockImplementation(function (this: Element, init) {
		expect(init.mode).toBe('closed');
		root = attach.call(this, init);
		return root;
	});
	vi.spyOn(HTMLIFrameElement.prototype, 'contentWindow', 'get').mockReturnValue(inner as never);
	vi.spyOn(HTMLIFrameElement.prototype, 'src', 'set').mockImplementation(function (this: HTMLElement, v) {
		this.dataset.src = v; // nothing is to be loaded here
	});
	const listen = window.addEventListener.bind(window);
	vi.spyOn(window, 'addEventListener').mockImplementation((name: string, f: unknown) => {
		heard.push([name, f as EventListener]);
		listen(name, f as EventListener);
	});
	vi.spyOn(console, 'warn').mockImplementation(() => {});
	Object.assign(window, { visualViewport: Object.assign(new EventTarget(), { offsetTop: 0, height: 600 }) });
});

afterEach(() => {
	for (const [name, f] of heard) window.removeEventListener(name, f);
	vi.restoreAllMocks();
	vi.useRealTimers();
});

async function load(attributes: Record<string, string> = { 'data-inbox': 'KEY' }): Promise<void> {
	const script = document.createElement('script');
	for (const [k, v] of Object.entries(attributes)) script.setAttribute(k, v);
	Object.defineProperty(script, 'src', { value: `${origin}/widget/v1/frontdesk.js` });
	script.setAttribute('src', `${origin}/widget/v1/frontdesk.js`);
	script.type = 'text/plain'; // or the DOM would fetch it
	document.body.append(script);
	await import('../src/loader');
}

const button = () => root.querySelector('button') as HTMLButtonElement;
const frame = () => root.querySelector('iframe');
const call = (...args: unknown[]) => page.Frontdesk?.(...args);
const ready = (from: { source?: unknown; origin?: string; data?: unknown; trusted?: boolean } = {}) => {
	const e = new MessageEvent('message', { data: from.data ?? { frontdesk: 'ready' }, origin: from.origin ?? origin });
	Object.defineProperty(e, 'source', { value: 'source' in from ? from.source : inner });
	Object.defineProperty(e, 'isTrusted', { value: from.trusted ?? true });
	window.dispatchEvent(e);
};

/** The frame's end of the private channel, with what came through it. */
function channel(): { port: MessagePort; got: unknown[] } {
	const [, target, [port]] = inner.postMessage.mock.calls.at(-1) as [unknown, string, MessagePort[]];
	expect(target).toBe(origin);
	if (!port) throw new Error('no port came');
	const got: unknown[] = [];
	port.onmessage = (e) => got.push(e.data);
	return { port, got };
}

/** What is in the shadow root's sheet. */
const rules = () => [...(root.adoptedStyleSheets[0]?.cssRules ?? [])].map((r) => r.cssText).join(' ');
/** Lets what was posted arrive. */
const arrive = async () => {
	vi.useRealTimers();
	await new Promise((r) => setTimeout(r, 20));
};

test('does nothing before the page has loaded and is idle, unless it is called', async () => {
	const at = vi.spyOn(document, 'readyState', 'get').mockReturnValue('loading');
	await load();
	vi.advanceTimersByTime(60_000);
	expect(document.querySelector('frontdesk-widget')).toBeNull();
	at.mockReturnValue('complete');
	window.dispatchEvent(new Event('load'));
	expect(document.querySelector('frontdesk-widget')).toBeNull();
	vi.advanceTimersByTime(10);
	expect(document.querySelector('frontdesk-widget')).not.toBeNull();
});

test('opens at once when it is called, however long the page still loads', async () => {
	vi.spyOn(document, 'readyState', 'get').mockReturnValue('loading');
	await load();
	call('open');
	expect(frame()).not.toBeNull();
});

test('shows a named launcher and loads no frame before it is wanted', async () => {
	await load();
	vi.advanceTimersByTime(10);
	expect(button().ariaLabel).toBe('Open chat');
	expect(button().ariaExpanded).toBe('false');
	expect(frame()).toBeNull();
	expect(document.documentElement.querySelector('[style]')).toBeNull();
	expect(localStorage).toHaveLength(0);
});

test('opens a sandboxed frame with a title, on the origin of its own script', async () => {
	await load();
	call('show');
	button().click();
	expect(frame()?.title).toBe('Chat');
	expect(frame()?.getAttribute('sandbox')).toBe(
		'allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox',
	);
	expect(frame()?.getAttribute('allow')).toBe('autoplay'); // the sound of a message, when the customer wants one
	expect(frame()?.dataset.src).toBe(
		`${origin}/widget/v1/frame?lang=${document.documentElement.lang}&inbox=KEY#${location.origin}`,
	);
	expect(button().ariaExpanded).toBe('true');
	expect(button().ariaLabel).toBe('Close chat');
	expect(frame()?.hidden).toBe(true); // until it has spoken: it may be an error page
	ready();
	expect(frame()?.hidden).toBe(true); // and said where it stands
	const { port } = channel();
	await arrive();
	port.postMessage({ t: 'face', css: 'iframe{}' });
	await vi.waitFor(() => expect(frame()?.hidden).toBe(false));
});

test('gives the private channel to its own frame on its own origin, and to nobody else', async () => {
	await load();
	call('open');
	ready({ source: window });
	ready({ source: null });
	ready({ origin: 'https://evil.example' });
	ready({ origin: `${origin}.evil.example` });
	ready({ data: { frontdesk: 'port' } });
	ready({ data: 'ready' });
	ready({ trusted: false });
	expect(inner.postMessage).not.toHaveBeenCalled();
	ready();
	expect(inner.postMessage).toHaveBeenCalledTimes(1);
	expect(inner.postMessage.mock.calls[0]?.[0]).toEqual({ frontdesk: 'port', who: false });
	expect(inner.postMessage.mock.calls[0]?.[1]).toBe(origin);
});

test('what was called before it was there is done in order, and its promises end', async () => {
	type Call = unknown[] & { ok?: (v: unknown) => void };
	const q: Call[] = [];
	page.Frontdesk = Object.assign((...args: unknown[]) => void q.push(args), { q });
	const promise = new Promise((ok) => q.push(Object.assign(['message', 'Where is my parcel?'], { ok })));
	page.Frontdesk('context', { plan: 'gold' });
	await load();
	vi.advanceTimersByTime(10);
	ready();
	const { port, got } = channel();
	await arrive();
	expect(got[0]).toMatchObject({ t: 'view', open: false, page: { url: location.origin + location.pathname } });
	expect(got.slice(1)).toEqual([
		{ t: 'call', id: 1, m: 'message', a: ['Where is my parcel?', undefined] },
		{ t: 'call', id: 2, m: 'context', a: [{ plan: 'gold' }, undefined] },
	]);
	port.postMessage({ t: 'done', id: 1, v: 'sent' });
	expect(await promise).toBe('sent');
});

test('each call has a promise, with the words of an error', async () => {
	await load();
	const context = call('context', { a: 1 }) as unknown as Promise<unknown>;
	call('open');
	ready();
	const { port, got } = channel();
	await arrive();
	expect(got).toContainEqual({ t: 'call', id: 1, m: 'context', a: [{ a: 1 }, undefined] });
	port.postMessage({ t: 'done', id: 1, e: Error('Too many values.') });
	await expect(context).rejects.toThrow('Too many values.');
	await expect(call('context', { f: () => {} })).rejects.toThrow(); // no data
	expect(await call('close')).toBeUndefined();
});

test.each(['identify', 'locale', 'theme', 'consent', 'context', 'event'])(
	'%s waits for a frame and makes none',
	async (method) => {
		await load();
		call(method, 'x');
		await vi.advanceTimersByTimeAsync(10);
		expect(frame()).toBeNull();
	},
);

test.each(['logout', 'shutdown'])('%s makes a frame, and opens nothing', async (method) => {
	await load();
	call(method);
	await vi.advanceTimersByTimeAsync(10);
	expect(frame()).not.toBeNull();
	expect(button().ariaExpanded).toBe('false');
});

test('of the calls that wait for a frame the newest 99 are kept', async () => {
	await load();
	for (let i = 0; i < 150; i++) call('event', `e${i}`);
	await vi.advanceTimersByTimeAsync(10);
	call('open');
	ready();
	const { got } = channel();
	await arrive();
	const events = got.filter((m) => (m as { m?: string }).m === 'event') as { a: unknown[] }[];
	expect(events).toHaveLength(99);
	expect(events[0]?.a[0]).toBe('e51');
});

test('a callback for tokens stays here, and is asked', async () => {
	await load();
	const token = vi.fn().mockResolvedValue('JWT');
	call('identify', { token });
	call('open');
	await Promise.resolve();
	ready();
	const { port, got } = channel();
	await arrive();
	expect(got).toContainEqual({ t: 'call', id: 'who', m: 'identify', a: [{ token: true }, undefined] });
	expect(token).not.toHaveBeenCalled();
	port.postMessage({ t: 'ask', id: 7 });
	await vi.waitFor(() => expect(got).toContainEqual({ t: 'told', id: 7, v: 'JWT' }));
});

test('a new frame is told who the customer is, and not again what happened', async () => {
	await load();
	call('identify', { jwt: 'J' });
	call('event', 'bought');
	call('open');
	await Promise.resolve();
	ready();
	const first = channel();
	await arrive();
	first.port.postMessage({ t: 'done', id: 'who', again: true });
	first.port.postMessage({ t: 'done', id: 1 });
	await arrive();
	ready();
	const { got } = channel();
	await arrive();
	expect(got.map((m) => (m as { m?: string }).m)).toEqual([undefined, 'identify']);
});

test('what the frame says of itself is worn, and kept for the next page', async () => {
	await load();
	call('open');
	ready();
	call('close');
	const { port } = channel();
	const on = vi.fn();
	const off = vi.fn();
	call('on', 'unread', on);
	call('on', 'unread', off);
	call('off', 'unread', off);
	const words = ['Chat öffnen, 12 ungelesen', 'Chat schließen', 'Keine Antwort'];
	await arrive();
	port.postMessage({ t: 'face', css: 'iframe{width:9px}', badge: '9+', words, text: 'Hilfe', idle: true });
	port.postMessage({ t: 'emit', name: 'unread', detail: 12 });
	await vi.waitFor(() => expect(on).toHaveBeenCalledWith(12));
	expect(off).not.toHaveBeenCalled();
	expect(root.querySelector('i')?.textContent).toBe('9+');
	expect(root.querySelector('span')?.textContent).toBe('Hilfe');
	expect(button().ariaLabel).toBe(words[0]);
	expect(rules()).toContain('width: 9px');
	expect(JSON.parse(localStorage.getItem('frontdesk:KEY') ?? '')).toMatchObject({ text: 'Hilfe', idle: true });
});

test('a close from inside returns focus to the launcher', async () => {
	await load();
	call('show');
	button().click();
	ready();
	const { port } = channel();
	vi.spyOn(root, 'activeElement', 'get').mockImplementation(frame);
	const focus = vi.spyOn(button(), 'focus');
	await arrive();
	port.postMessage({ t: 'close' });
	await vi.waitFor(() => expect(focus).toHaveBeenCalled());
	expect(frame()?.hidden).toBe(true);
	expect(button().ariaExpanded).toBe('false');
});

test('a frame that does not load is tried again as long as the window is open, and that is said', async () => {
	vi.spyOn(Math, 'random').mockReturnValue(1);
	await load();
	call('open');
	vi.advanceTimersByTime(19_999);
	expect(root.querySelector('span')?.textContent).toBe('');
	vi.advanceTimersByTime(1);
	expect(frame()).toBeNull();
	expect(root.querySelector('span')?.textContent).toMatch(/Trying again/);
	expect(console.warn).toHaveBeenCalledWith(expect.stringContaining(origin));
	for (const pause of [2, 4, 8, 16, 30, 30, 30]) {
		vi.advanceTimersByTime(pause * 1000 - 1);
		expect(frame()).toBeNull();
		vi.advanceTimersByTime(1);
		expect(frame()).not.toBeNull();
		frame()?.dispatchEvent(new Event('load')); // the browser's own page of an error
		vi.advanceTimersByTime(1_000);
		expect(frame()).toBeNull();
	}
	vi.advanceTimersByTime(30_000);
	ready();
	expect(root.querySelector('span')?.textContent).toBe('');
	expect(frame()).not.toBeNull();
});

test('for a window that nobody opened it gives up after five attempts', async () => {
	localStorage.setItem('frontdesk:KEY', '{"idle":true}');
	vi.spyOn(Math, 'random').mockReturnValue(1);
	await load();
	vi.advanceTimersByTime(10 * 60_000);
	expect(console.warn).toHaveBeenCalledTimes(6);
	expect(frame()).toBeNull();
});

test.each([
	['a message waits', { 'data-inbox': 'KEY' }, '{"idle":true}'],
	['the tag says so', { 'data-inbox': 'KEY', 'data-proactive': '' }, undefined],
])('when %s it loads the frame as the page is idle, closed', async (_, attributes, kept) => {
	if (kept) localStorage.setItem('frontdesk:KEY', kept);
	await load(attributes);
	expect(frame()).toBeNull();
	vi.advanceTimersByTime(10);
	ready();
	expect(frame()?.hidden).toBe(true);
});

test('what is kept and is no face hurts nobody', async () => {
	localStorage.setItem('frontdesk:KEY', '{{{');
	await load();
	call('open');
	expect(frame()).not.toBeNull();
});

test('open, close and toggle fire their events once; hide takes the launcher away', async () => {
	await load();
	const seen: string[] = [];
	for (const name of ['open', 'close']) call('on', name, () => seen.push(name));
	call('on', 'open', () => {
		throw new Error("the page's own");
	});
	const dom = vi.fn();
	window.addEventListener('frontdesk:open', dom);
	for (const method of ['open', 'open', 'toggle', 'close']) call(method);
	expect(() => vi.advanceTimersByTime(0)).toThrow("the page's own");
	expect(seen).toEqual(['open', 'close']);
	expect(dom).toHaveBeenCalledTimes(1);
	call('hide');
	expect(button().hidden).toBe(true);
	call('show');
	expect(button().hidden).toBe(false);
});

test('a page that takes the launcher away gets it back, and a page that moves on is told to the frame', async () => {
	await load();
	call('open');
	ready();
	const { got } = channel();
	root.host.remove();
	history.pushState(null, '', '/next?private=1#too');
	document.title = 'Next';
	vi.advanceTimersByTime(1000);
	expect(root.host.isConnected).toBe(true);
	expect(frame()?.hidden).toBe(true); // it begins anew
	ready();
	const anew = channel();
	history.pushState(null, '', '/third');
	vi.advanceTimersByTime(1000);
	await arrive();
	const urls = anew.got.map((m) => (m as { page: { url: string } }).page.url);
	expect(urls).toEqual([`${location.origin}/next`, `${location.origin}/third`]);
	expect(got).toHaveLength(1);
});

describe('the title of the page', () => {
	const two = '(2) New messages\u2002';
	const until = (title: string) => vi.waitFor(() => expect(document.title).toBe(title));

	test('has the words of the frame before it, and is as it was when they are taken away', async () => {
		document.title = 'Shop  (2) & more $&';
		const own = document.title;
		await load();
		call('open');
		ready();
		const { port } = channel();
		await arrive();
		port.postMessage({ t: 'title', v: two });
		await until(`${two}${own}`);
		port.postMessage({ t: 'title', v: '(3) New messages\u2002' });
		await until(`(3) New messages\u2002${own}`);
		port.postMessage({ t: 'title', v: '' });
		await until(own);
	});

	test('is what the page makes of it meanwhile', async () => {
		document.title = 'Shop';
		await load();
		call('open');
		ready();
		const { port } = channel();
		await arrive();
		port.postMessage({ t: 'title', v: two });
		await until(`${two}Shop`);
		document.title = 'Basket';
		port.postMessage({ t: 'title', v: '' });
		await new Promise((r) => setTimeout(r, 20));
		expect(document.title).toBe('Basket');
		port.postMessage({ t: 'title', v: two });
		await until(`${two}Basket`);
		document.title = `* ${document.title}`; // a page that goes on from what it finds
		port.postMessage({ t: 'title', v: '' });
		await until('* Basket');
	});

	test.each([
		['the window opens or closes', () => call('close')],
		['the frame begins anew', () => ready()],
	])('is its own when %s, and the frame hears that one', async (_, act) => {
		document.title = 'Shop';
		await load();
		call('open');
		ready();
		const { port, got } = channel();
		await arrive();
		port.postMessage({ t: 'title', v: two });
		await until(`${two}Shop`);
		got.length = 0;
		act();
		expect(document.title).toBe('Shop');
		const next = inner.postMessage.mock.calls.length > 1 ? channel().got : got;
		await vi.waitFor(() => expect(next[0]).toMatchObject({ t: 'view', page: { title: 'Shop' } }));
	});

	test('is its own after shutdown', async () => {
		document.title = 'Shop';
		await load();
		call('shutdown');
		await Promise.resolve();
		ready();
		const { port } = channel();
		await arrive();
		port.postMessage({ t: 'title', v: two });
		await until(`${two}Shop`);
		port.postMessage({ t: 'done', id: 1, end: true });
		await until('Shop');
	});

	test('is not touched without words', async () => {
		document.title = 'Shop';
		const set = vi.spyOn(Document.prototype, 'title', 'set');
		await load();
		call('open');
		ready();
		call('close');
		expect(set).not.toHaveBeenCalled();
	});
});

test('a bubble that showed when the page was left leaves no strip on the next', async () => {
	localStorage.setItem('frontdesk:KEY', '{"idle":true,"css":"iframe{}","peek":110}');
	await load();
	vi.advanceTimersByTime(10);
	ready();
	expect(frame()?.hidden).toBe(true);
	const { port } = channel();
	await arrive();
	port.postMessage({ t: 'face', css: 'iframe{}', peek: 90 });
	await vi.waitFor(() => expect(frame()?.hidden).toBe(false));
	expect(frame()?.style.height).toBe('90px');
});

test('after shutdown nothing is left, and the tag can be put in again', async () => {
	await load();
	const heard = vi.fn();
	call('on', 'open', heard);
	const promise = call('shutdown');
	await Promise.resolve();
	ready();
	const { port, got } = channel();
	await arrive();
	port.postMessage({ t: 'face', css: '' });
	port.postMessage({ t: 'done', id: (got.at(-1) as { id: number }).id, end: true });
	await promise;
	expect(document.querySelector('frontdesk-widget')).toBeNull();
	expect(localStorage).toHaveLength(0);
	vi.resetModules();
	await load();
	call('open');
	expect(document.querySelectorAll('frontdesk-widget')).toHaveLength(1);
});

test.each(['nonsense', 'constructor', '__proto__', 'shutdowns', ''])(
	'leaves it to a frame to say that there is no method %s',
	async (method) => {
		await load();
		call(method);
		await vi.advanceTimersByTimeAsync(10);
		ready();
		const { got } = channel();
		await arrive();
		expect(got).toContainEqual({ t: 'call', id: 1, m: method, a: [undefined, undefined] });
		expect(button().ariaExpanded).toBe('false');
	},
);

test.each([
	['opne', () => {}],
	['open', 'no function'],
	['open', undefined],
])('and so that on takes no %s with %s', async (name, f) => {
	await load();
	call('on', name, f);
	await vi.advanceTimersByTimeAsync(10);
	ready();
	const { got } = channel();
	await arrive();
	expect(got).toContainEqual({ t: 'call', id: 1, m: 'on', a: [name, typeof f === 'function' ? 0 : f] });
});

test('a callback that gives no token is told as an error', async () => {
	await load();
	call('identify', { token: () => Promise.reject(new Error('offline')) });
	call('open');
	await Promise.resolve();
	ready();
	const { port, got } = channel();
	await arrive();
	port.postMessage({ t: 'ask', id: 7 });
	await vi.waitFor(() => expect(got).toContainEqual({ t: 'told', id: 7, v: Error('Error: offline') }));
});

test('a customer who has logged out elsewhere is not named again to a new frame', async () => {
	await load();
	call('identify', { jwt: 'J' });
	call('open');
	await Promise.resolve();
	ready();
	const first = channel();
	await arrive();
	first.port.postMessage({ t: 'done', id: 'who', again: true });
	first.port.postMessage({ t: 'done', id: 'who', e: Error('logged out in another tab') });
	await arrive();
	ready();
	const { got } = channel();
	await arrive();
	expect(got.map((m) => (m as { t: string }).t)).toEqual(['view']);
});

test('says what is missing from its tag', async () => {
	await load({});
	expect(page.Frontdesk).toBeUndefined();
	expect(console.warn).toHaveBeenCalledWith(expect.stringContaining('data-inbox'));
});

test('a second tag, as after a swap of the body, does nothing', async () => {
	await load();
	const first = page.Frontdesk;
	call('show');
	vi.resetModules();
	await load();
	expect(page.Frontdesk).toBe(first);
	call('show');
	expect(document.querySelectorAll('frontdesk-widget')).toHaveLength(1);
});

test('the tag sets colour and side', async () => {
	await load({ 'data-inbox': 'KEY', 'data-colour': '#8f4a1f', 'data-position': 'left' });
	call('show');
	expect(rules()).toContain('#8f4a1f');
	expect(rules()).toContain('auto auto 24px 24px');
});
