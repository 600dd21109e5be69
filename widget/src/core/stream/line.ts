// A connection that requests carry, as a socket: what comes is a stream (or the answers to polls), what goes is posted.
// The server's side is gateway/stream.go; docs/protocol tells it for other clients.

import type { ChatServerFrame } from '../../protocol';
import type { Carrier } from '../carrier';
import type { Socket } from '../connection';

/** protocol.PingEvery: so often one side of an idle stream says something. */
const pingEvery = 25_000;
/** Silence for so long is a dead line: a stream's pings, or the answer to a poll, would have come. */
const deadAfter = 60_000;
/** Between the beginnings of two polls: while an answer is written, each would bring one word. */
const pollEvery = 250;
/** Characters after which no more frames go into a request: it may have 64 KiB, a frame 32, and a character three bytes. */
const mostPosted = 10_000;
/** How often a balancer of several nodes may lead a request to one that has not the connection. */
const mostMisled = 8;

/** After this long a websocket is tried again: people change networks. */
const tryAgain = 600_000;

/** The next attempt: what worked before, for a while; after two that failed the next way, and websockets again. */
export function open(carrier: Carrier): Socket {
	const now = Date.now();
	let [way, since] = carrier.box.get<[number, number]>('way') ?? [0, now];
	if (carrier.misses > 1) {
		way = (way + 1) % 3;
		since = now;
		carrier.misses = 0;
	} else if (Math.abs(now - since) > tryAgain) way = 0; // whichever way the clock was set
	if (way === 0) {
		carrier.box.remove('way');
		return carrier.websocket();
	}
	carrier.box.set('way', [way, since]);
	return new Line(way > 1);
}

type Listener = (e: never) => void;

class Line implements Socket {
	onopen: Socket['onopen'] = null;
	onmessage: Socket['onmessage'] = null;
	onclose: Socket['onclose'] = null;
	#listeners: [type: string, listener: Listener][] = [];
	#key = '';
	#waiting: string[] = [];
	#posting = false;
	#greeted = false;
	#heard = performance.now(); // a clock that nobody sets: one that goes back would hold up polls for as long
	#over = new AbortController();
	#timer: ReturnType<typeof setInterval>;
	readonly #polled: boolean;

	constructor(polled: boolean) {
		this.#polled = polled;
		setTimeout(() => this.#emit(new Event('open')));
		this.#timer = setInterval(() => this.#beat(), pingEvery);
	}

	/** The first is the hello, which opens the connection. */
	send(frame: string): void {
		if (this.#greeted) {
			this.#waiting.push(frame);
			this.#post();
			return;
		}
		this.#greeted = true;
		(this.#polled ? this.#poll(frame) : this.#stream(frame)).then(
			() => this.#end(1006),
			() => this.#end(1006),
		);
	}

	addEventListener(type: string, listener: Listener): void {
		this.#listeners.push([type, listener]);
	}

	close(): void {
		clearInterval(this.#timer);
		this.#over.abort();
	}

	async #stream(hello: string): Promise<void> {
		const answer = await this.#ask('/v1/stream', hello);
		// A page that a proxy or a captive portal answers with is no stream.
		if (!answer.body || !answer.headers.get('Content-Type')?.startsWith('text/event-stream')) return;
		const reader = answer.body.getReader();
		const decoder = new TextDecoder();
		for (let rest = ''; ; ) {
			const { done, value } = await reader.read();
			if (done) return;
			this.#heard = performance.now();
			const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
			rest = lines.pop() ?? '';
			for (const line of lines) if (line.startsWith('data: ')) this.#receive(JSON.parse(line.slice(6)));
		}
	}

	async #poll(hello: string): Promise<void> {
		for (let number = 2, body = hello; ; number++) {
			const begun = performance.now();
			const answer = await this.#ask('/v1/poll', body);
			const frames: ChatServerFrame[] = await answer.json();
			this.#heard = performance.now();
			for (const frame of frames) this.#receive(frame);
			body = JSON.stringify({ number });
			await new Promise((go) => setTimeout(go, begun + pollEvery - performance.now()));
		}
	}

	#receive(frame: ChatServerFrame): void {
		if (frame.t === 'close') {
			this.#end(frame.d.code);
			return;
		}
		if (frame.t === 'welcome') this.#key = frame.d.key ?? '';
		this.#emit(new MessageEvent('message', { data: JSON.stringify(frame) }));
	}

	/** One request at a time, so that frames keep their order. None in it is a sign of life. */
	async #post(alive = false): Promise<void> {
		if (this.#posting || !this.#key) return;
		this.#posting = true;
		try {
			while (alive || this.#waiting.length) {
				alive = false;
				const frames: string[] = [];
				for (let size = 0; this.#waiting.length && size < mostPosted; size += frames.at(-1)?.length ?? 0)
					frames.push(this.#waiting.shift() ?? '');
				await this.#ask('/v1/frames', `[${frames}]`);
			}
		} catch {
			this.#end(1006);
		}
		this.#posting = false;
	}

	#beat(): void {
		if (performance.now() - this.#heard > deadAfter) this.#end(1006);
		else if (!this.#polled) this.#post(true);
	}

	/** Throws unless the server says that all is well. */
	async #ask(address: string, body: string): Promise<Response> {
		for (let misled = 0; ; misled++) {
			const answer = await fetch(address, {
				method: 'POST',
				body,
				headers: this.#key ? { Authorization: `Bearer ${this.#key}` } : {},
				redirect: 'error',
				signal: this.#over.signal,
			});
			if (answer.ok) return answer;
			if (answer.status !== 421 || misled >= mostMisled) throw answer;
		}
	}

	#end(code: number): void {
		if (this.#over.signal.aborted) return;
		this.close();
		this.#emit(Object.assign(new Event('close'), { code }));
	}

	#emit(event: Event): void {
		if (event.type !== 'close' && this.#over.signal.aborted) return;
		const on = { open: this.onopen, message: this.onmessage, close: this.onclose }[event.type];
		on?.call(this as never, event as never);
		for (const [type, listener] of this.#listeners) if (type === event.type) listener(event as never);
	}
}
