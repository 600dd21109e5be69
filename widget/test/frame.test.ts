import { expect, test, vi } from 'vitest';
import { Frame } from '../src/frame';
import { t } from '../src/text/words';

const host = 'https://shop.example';

function setUp(origin = host) {
	const parent = { postMessage: vi.fn() };
	const self = new EventTarget();
	const frame = new Frame(false, origin);
	frame.connect(self as Window, parent as never);
	const offer = (from: { source?: unknown; origin?: string; data?: unknown } = {}) => {
		const { port1, port2 } = new MessageChannel();
		const e = new MessageEvent('message', {
			data: from.data ?? { frontdesk: 'port' },
			origin: from.origin ?? host,
			ports: [port2],
		});
		Object.defineProperty(e, 'source', { value: 'source' in from ? from.source : parent });
		Object.defineProperty(e, 'ports', { value: [port2] });
		self.dispatchEvent(e);
		return port1;
	};
	return { frame, parent, offer };
}

const collect = (port: MessagePort) => {
	const got: unknown[] = [];
	port.onmessage = (e) => got.push(e.data);
	return got;
};

test('says that it is ready to the origin it was told, and no other', () => {
	expect(setUp().parent.postMessage).toHaveBeenCalledWith({ frontdesk: 'ready' }, host);
	expect(setUp('null').parent.postMessage).toHaveBeenCalledWith({ frontdesk: 'ready' }, '*');
});

test('takes the channel from its parent on that origin only, once', async () => {
	const { frame, offer } = setUp();
	const ready = vi.fn();
	frame.onReady = ready;
	const strangers = [
		offer({ origin: 'https://evil.example' }),
		offer({ source: {} }),
		offer({ data: { frontdesk: 'ready' } }),
	].map(collect);
	const own = collect(offer({ data: { frontdesk: 'port', who: true } }));
	const second = collect(offer());
	expect(ready.mock.calls).toEqual([[true]]);
	frame.tell(3, true);
	frame.tell(3, true);
	const face = { t: 'face', badge: '3', words: ['Open chat, 3 unread', 'Close chat', t.noAnswer], idle: true };
	await vi.waitFor(() => expect(own).toEqual([{ t: 'face' }, face, { t: 'emit', name: 'unread', detail: 3 }]));
	expect([...strangers.flat(), ...second]).toEqual([]);
});

test('gives the page the sheet of its launcher, which came with the frame', async () => {
	document.head.innerHTML = '<meta name="launcher" content="i{}">';
	const got = collect(setUp().offer());
	await vi.waitFor(() => expect(got).toEqual([{ t: 'face', css: 'i{}' }]));
	document.head.replaceChildren();
});

test('opens, is told the page, keeps calls until they are done, closes', async () => {
	const { frame, offer } = setUp();
	frame.onOpen = vi.fn();
	frame.onPage = vi.fn();
	frame.onCall = vi.fn();
	frame.onToken = vi.fn();
	const port = offer();
	const got = collect(port);
	const page = { url: `${host}/m2`, title: 'M2' };
	port.postMessage({ t: 'view', open: false, page });
	port.postMessage({ t: 'view', open: true, page: { url: `${host}/${'x'.repeat(3000)}`, title: 'y'.repeat(200) } });
	port.postMessage({ t: 'view', open: true, page });
	port.postMessage({ t: 'nonsense' });
	port.postMessage({ t: 'told', id: 4, v: 'JWT' });
	port.postMessage({ t: 'call', id: 1, m: 'message', a: ['Hello'] });
	await vi.waitFor(() => expect(frame.onCall).toHaveBeenCalledTimes(1));
	expect(frame.calls).toEqual([{ t: 'call', id: 1, m: 'message', a: ['Hello'] }]);
	expect(frame.onPage).toHaveBeenCalledTimes(3);
	expect(vi.mocked(frame.onPage).mock.calls[1]?.[0].url).toHaveLength(2000);
	expect(vi.mocked(frame.onPage).mock.calls[1]?.[0].title).toHaveLength(120);
	expect(frame.onOpen).toHaveBeenCalledTimes(1);
	expect(frame.onToken).toHaveBeenCalledWith(4, 'JWT');
	expect(frame.visible).toBe(true);
	frame.close();
	expect(frame.visible).toBe(false);
	await vi.waitFor(() => expect(got).toEqual([{ t: 'face' }, { t: 'close' }]));
});
