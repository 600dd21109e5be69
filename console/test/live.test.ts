import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type LinkState, Live, type Socket } from '../src/live';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

class FakeSocket implements Socket {
	onopen: (() => void) | null = null;
	onclose: ((event: { code: number }) => void) | null = null;
	onmessage: ((event: { data: unknown }) => void) | null = null;
	sent: string[] = [];
	closed: number | undefined;
	send(data: string) {
		this.sent.push(data);
	}
	close(code?: number) {
		this.closed = code ?? 1005;
	}
}

function setup(random = () => 1) {
	const sockets: FakeSocket[] = [];
	const states: LinkState[] = [];
	const frames: unknown[] = [];
	const onUp = vi.fn();
	const onRefused = vi.fn();
	const live = new Live({
		open: () => {
			const socket = new FakeSocket();
			sockets.push(socket);
			return socket;
		},
		onFrame: (frame) => frames.push(frame),
		onUp,
		onState: (state) => states.push(state),
		onRefused,
		random,
	});
	live.start();
	const last = () => sockets.at(-1) as FakeSocket;
	return { live, sockets, states, frames, onUp, onRefused, last };
}

describe('Live', () => {
	it('says when it is up, and sends only then', () => {
		const { live, last, onUp } = setup();
		expect(live.send({ t: 'presence', d: { state: 'online' } })).toBe(false);
		last().onopen?.();
		expect(onUp).toHaveBeenCalledTimes(1);
		expect(live.send({ t: 'presence', d: { state: 'online' } })).toBe(true);
		expect(last().sent).toEqual(['{"t":"presence","d":{"state":"online"}}']);
	});

	it('hands frames on and passes over what is none', () => {
		const { last, frames } = setup();
		last().onopen?.();
		last().onmessage?.({ data: '{' });
		last().onmessage?.({ data: new ArrayBuffer(1) });
		last().onmessage?.({ data: '{"t":"inbox","d":{}}' });
		expect(frames).toEqual([{ t: 'inbox', d: {} }]);
	});

	it('comes back with doubling delays of at most 30 s', () => {
		const { last, sockets, states } = setup();
		const delays: number[] = [];
		for (let i = 0; i < 9; i++) {
			last().onclose?.({ code: 1006 });
			const state = states.at(-1);
			if (state?.phase === 'down') delays.push(state.retryAt - Date.now());
			vi.advanceTimersByTime(30_000);
		}
		expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
		expect(sockets).toHaveLength(10);
	});

	it('spreads the tries over the whole delay', () => {
		const { last, sockets } = setup(() => 0.1);
		last().onclose?.({ code: 1006 });
		vi.advanceTimersByTime(49);
		expect(sockets).toHaveLength(1);
		vi.advanceTimersByTime(1);
		expect(sockets).toHaveLength(2);
	});

	it('begins at the first delay after a connection that stood for 10 s', () => {
		const { last, states } = setup();
		for (let i = 0; i < 4; i++) {
			last().onclose?.({ code: 1006 });
			vi.advanceTimersByTime(30_000);
		}
		last().onopen?.();
		vi.advanceTimersByTime(10_000);
		last().onclose?.({ code: 1006 });
		expect(states.at(-1)).toEqual({ phase: 'down', since: Date.now(), retryAt: Date.now() + 500 });
	});

	it('remembers since when it is down, over several tries', () => {
		const { last, states } = setup();
		const since = Date.now();
		last().onclose?.({ code: 1006 });
		vi.advanceTimersByTime(500);
		last().onclose?.({ code: 1006 });
		expect(states.at(-1)).toMatchObject({ phase: 'down', since });
	});

	it('asks about the session only when a connection could not be opened', () => {
		const { last, onRefused } = setup();
		last().onclose?.({ code: 1006 });
		expect(onRefused).toHaveBeenCalledTimes(1);
		vi.advanceTimersByTime(500);
		last().onopen?.();
		last().onclose?.({ code: 1006 });
		expect(onRefused).toHaveBeenCalledTimes(1);
	});

	it.each([4500, 4501, 4509])('does not come back after %i', (code) => {
		const { last, sockets, states, live } = setup();
		last().onopen?.();
		last().onclose?.({ code });
		vi.advanceTimersByTime(120_000);
		live.retryNow();
		expect(sockets).toHaveLength(1);
		expect(states.at(-1)).toEqual({ phase: 'over', code });
	});

	it('asks about the session when the server refuses it', () => {
		const { last, onRefused } = setup();
		last().onopen?.();
		last().onclose?.({ code: 4501 });
		expect(onRefused).toHaveBeenCalledTimes(1);
	});

	it('goes elsewhere within the time that a draining node gives', () => {
		const { last, sockets, states } = setup(() => 0.5);
		last().onopen?.();
		last().onmessage?.({ data: '{"t":"drain","d":{"after_ms":8000}}' });
		expect(sockets[0]?.closed).toBe(1000);
		expect(states.at(-1)).toMatchObject({ phase: 'down', retryAt: Date.now() + 4000 });
		vi.advanceTimersByTime(4000);
		expect(sockets).toHaveLength(2);
	});

	it('tries at once when asked to, and is down at once when the network goes', () => {
		const { live, last, sockets, states } = setup();
		last().onopen?.();
		live.lost();
		expect(states.at(-1)?.phase).toBe('down');
		live.retryNow();
		expect(sockets).toHaveLength(2);
		vi.advanceTimersByTime(60_000);
		expect(sockets).toHaveLength(2);
	});

	it('leaves a connection that has been silent for 75 s, and only that', () => {
		const { last, sockets, states } = setup(() => 0);
		last().onopen?.();
		for (let i = 0; i < 5; i++) {
			vi.advanceTimersByTime(74_000);
			last().onmessage?.({ data: '{"t":"presence","d":{"agents":[]}}' });
		}
		expect(states.at(-1)?.phase).toBe('up');
		expect(sockets).toHaveLength(1);
		vi.advanceTimersByTime(75_001);
		expect(sockets[0]?.closed).toBe(1000);
		expect(sockets).toHaveLength(2);
	});

	it('takes nothing from a socket that it has left', () => {
		const { live, sockets, frames } = setup();
		sockets[0]?.onopen?.();
		const late = sockets[0]?.onmessage;
		live.stop();
		expect(sockets[0]?.onmessage).toBeNull();
		late?.({ data: 'nonsense' });
		expect(frames).toEqual([]);
		vi.advanceTimersByTime(60_000);
		expect(sockets).toHaveLength(1);
	});
});
