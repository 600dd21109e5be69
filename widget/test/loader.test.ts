import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const origin = 'https://chat.example';
type Frontdesk = ((...args: unknown[]) => void) & { q?: unknown[] };
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
const ready = (from: { source?: unknown; origin?: string; data?: unknown } = {}) => {
	const e = new MessageEvent('message', { data: from.data ?? { frontdesk: 'ready' }, origin: from.origin ?? origin });
	Object.defineProperty(e, 'source', { value: 'source' in from ? from.source : inner });
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

test('shows a named launcher and loads no frame before it is wanted', async () => {
	await load();
	expect(button().ariaLabel).toBe('Open chat');
	expect(button().ariaExpanded).toBe('false');
	expect(frame()).toBeNull();
	expect(document.documentElement.querySelector('[style]')).toBeNull();
});

test('opens a sandboxed frame with a title, on the origin of its own script', async () => {
	await load();
	button().click();
	expect(frame()?.title).toBe('Chat');
	expect(frame()?.getAttribute('sandbox')).toBe(
		'allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox',
	);
	const host = encodeURIComponent(location.origin);
	expect(frame()?.dataset.src).toBe(`${origin}/widget/v1/frame?inbox=KEY#${host}`);
	expect(button().ariaExpanded).toBe('true');
	expect(button().ariaLabel).toBe('Close chat');
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
	expect(inner.postMessage).not.toHaveBeenCalled();
	ready();
	expect(inner.postMessage).toHaveBeenCalledTimes(1);
	expect(inner.postMessage.mock.calls[0]?.[1]).toBe(origin);
});

test('what was called before the channel was there goes through it, in order', async () => {
	const q: unknown[] = [];
	page.Frontdesk = Object.assign((...args: unknown[]) => void q.push(args), { q });
	page.Frontdesk('message', 'Where is my parcel?');
	await load();
	ready();
	const { got } = channel();
	vi.useRealTimers();
	await vi.waitFor(() => expect(got).toHaveLength(2));
	expect(got[0]).toMatchObject({ t: 'open', page: { url: location.origin + location.pathname } });
	expect(got[1]).toEqual({ t: 'message', text: 'Where is my parcel?' });
});

test('unread: badge, name and event, up to 9+', async () => {
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
	vi.useRealTimers();
	port.postMessage({ t: 'state', unread: 12, known: true });
	await vi.waitFor(() => expect(on).toHaveBeenCalledWith(12));
	expect(off).not.toHaveBeenCalled();
	expect(root.querySelector('span')?.textContent).toBe('9+');
	expect(button().ariaLabel).toBe('Open chat, 12 unread');
	expect(localStorage.getItem('frontdesk:KEY')).toBe('1');
});

test('a close from inside returns focus to the launcher', async () => {
	await load();
	button().click();
	ready();
	const { port } = channel();
	const focus = vi.spyOn(button(), 'focus');
	vi.useRealTimers();
	port.postMessage({ t: 'close' });
	await vi.waitFor(() => expect(focus).toHaveBeenCalled());
	expect(frame()?.hidden).toBe(true);
	expect(button().ariaExpanded).toBe('false');
});

test('a frame that stays silent for 8 s is taken away', async () => {
	await load();
	call('open');
	vi.advanceTimersByTime(7_999);
	expect(frame()).not.toBeNull();
	vi.advanceTimersByTime(1);
	expect(frame()).toBeNull();
	expect(button().ariaExpanded).toBe('false');
	expect(console.warn).toHaveBeenCalledWith(expect.stringContaining(origin));
});

test('a known conversation loads the frame when the page is idle, closed', async () => {
	localStorage.setItem('frontdesk:KEY', '1');
	await load();
	vi.runOnlyPendingTimers();
	expect(frame()?.hidden).toBe(true);
});

test('open, close and toggle fire their events once; hide takes the launcher away', async () => {
	await load();
	const seen: string[] = [];
	for (const name of ['open', 'close']) call('on', name, () => seen.push(name));
	const dom = vi.fn();
	window.addEventListener('frontdesk:open', dom);
	call('open');
	call('open');
	call('toggle');
	call('close');
	expect(seen).toEqual(['open', 'close']);
	expect(dom).toHaveBeenCalledTimes(1);
	call('hide');
	expect((root.host as HTMLElement).hidden).toBe(true);
	call('show');
	expect((root.host as HTMLElement).hidden).toBe(false);
});

test.each(['nonsense', 'constructor', '__proto__'])('warns of the unknown method %s', async (method) => {
	await load();
	call(method);
	expect(console.warn).toHaveBeenCalledWith(expect.stringContaining(method));
});

test('says what is missing from its tag', async () => {
	await load({});
	expect(page.Frontdesk).toBeUndefined();
	expect(console.warn).toHaveBeenCalledWith(expect.stringContaining('data-inbox'));
});

test('a second tag, as after a swap of the body, does nothing', async () => {
	await load();
	const first = page.Frontdesk;
	vi.resetModules();
	await load();
	expect(page.Frontdesk).toBe(first);
	expect(document.querySelectorAll('frontdesk-widget')).toHaveLength(1);
});

test.each([
	['#8f4a1f', '#fff'],
	['#ffd400', '#000'],
])('on %s the drawing is %s', async (colour, on) => {
	await load({ 'data-inbox': 'KEY', 'data-colour': colour });
	const { style } = root.host as HTMLElement;
	expect(style.getPropertyValue('--accent')).toBe(colour);
	expect(style.getPropertyValue('--on')).toBe(on);
});

test('a colour that is none is left out', async () => {
	await load({ 'data-inbox': 'KEY', 'data-colour': 'red;background:url(//evil.example)' });
	expect((root.host as HTMLElement).style.getPropertyValue('--accent')).toBe('');
});
