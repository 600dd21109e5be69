import { expect, test, vi } from 'vitest';
import { Frame } from '../src/frame';

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
	const strangers = [
		offer({ origin: 'https://evil.example' }),
		offer({ source: {} }),
		offer({ data: { frontdesk: 'ready' } }),
	].map(collect);
	const own = collect(offer());
	const second = collect(offer());
	frame.tell(3, true);
	frame.tell(3, true);
	await vi.waitFor(() => expect(own).toEqual([{ t: 'state', unread: 3, known: true }]));
	expect([...strangers.flat(), ...second]).toEqual([]);
});

test('opens, hears words, closes', async () => {
	const { frame, offer } = setUp();
	frame.onOpen = vi.fn();
	frame.onMessage = vi.fn();
	const port = offer();
	const got = collect(port);
	port.postMessage({ t: 'open', page: { url: `${host}/m2`, title: 'M2' } });
	port.postMessage({ t: 'message', text: 'Hello' });
	await vi.waitFor(() => expect(frame.onMessage).toHaveBeenCalledWith('Hello'));
	expect(frame.onOpen).toHaveBeenCalledWith({ url: `${host}/m2`, title: 'M2' });
	expect(frame.visible).toBe(true);
	frame.close();
	expect(frame.visible).toBe(false);
	await vi.waitFor(() => expect(got).toEqual([{ t: 'close' }]));
});
