// What the widget costs a page: what is requested and when, what moves, which tasks hold the thread that the page is
// drawn on, and how long one waits. Each visit is by somebody who has not been there before. While it is measured nothing
// is asked of the page, as the questions would cost more than the widget does.
import { newPage } from './browser.mjs';
import { until } from './product.mjs';

/** A page as a shop has it: text, places of pictures, and nothing that moves by itself. */
export const plainPage = (head) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>${head}
<style>body{font:16px/1.5 sans-serif;max-width:60ch;margin:2rem auto}div{height:12rem;background:#ddd}</style></head>
<body><h1>Shop</h1>${'<p>Coffee, grinders, kettles and what belongs to them, roasted and repaired in the workshop.</p><div></div>'.repeat(6)}</body></html>`;

/** Put into every document: sums up what moves, and keeps when what one waits for was drawn. */
function watch() {
	const now = () => performance.timeOrigin + performance.now();
	const marks = { shift: 0 };
	window.marks = marks;
	new PerformanceObserver((list) => {
		for (const e of list.getEntries()) marks.shift += e.value;
	}).observe({ type: 'layout-shift', buffered: true });
	if (window === top) {
		addEventListener('pointerdown', () => {
			marks.clicked = now();
		}, true);
		addEventListener('load', () => {
			marks.loaded = now();
			marks.early = document.querySelectorAll('frontdesk-widget').length;
		});
		return;
	}
	addEventListener('keydown', (e) => {
		if (e.key === 'Enter') marks.asked ??= now();
	}, true);
	const drawn = { composer: 'textarea', answer: '[role=log] .bt' };
	new MutationObserver(() => {
		for (const [name, selector] of Object.entries(drawn)) {
			if (name in marks || !document.querySelector(selector)) continue;
			marks[name] = 0;
			requestAnimationFrame(() => setTimeout(() => {
				marks[name] = now();
			}));
		}
	}).observe(document, { subtree: true, childList: true });
}

/**
 * A piece of work that is the same each time, of the kind that opening a chat is: rows are made, styled and laid out.
 * How long it takes tells how fast the machine is at the moment. So many rows took a quarter of 50 ms at full speed on
 * the machine on which the widget was held to its limit.
 */
function work(rows) {
	const box = document.createElement('section');
	for (let i = 0; i < rows; i++) {
		const row = document.createElement('p');
		row.style.padding = `${i % 7}px`;
		row.textContent = `Row ${i}: ${((i * 2654435761) >>> 0).toString(36)}`;
		box.append(row);
	}
	document.body.append(box);
	box.getBoundingClientRect();
	box.remove();
}
const rows = 1000;

/** After so long nothing more comes of what was done, at a quarter of the speed either. */
const rest = () => new Promise((r) => setTimeout(r, 400));

export class Visit {
	#phase = 'load';
	#requests = [];
	#heard = [];

	/** A visit to a page, at a share of the processor's speed (4 is a quarter); base is the gateway. */
	static async begin(b, base, slower) {
		const v = new Visit();
		Object.assign(v, { b, base, page: await newPage(b) });
		await v.page.addInitScript(watch);
		const cdp = await v.page.context().newCDPSession(v.page);
		await cdp.send('Emulation.setCPUThrottlingRate', { rate: slower });
		v.page.on('request', (request) => {
			if (request.url().startsWith(`${base}/`)) v.#requests.push({ request, phase: v.#phase });
		});
		v.page.on('websocket', (ws) => {
			ws.on('framesent', ({ payload }) => v.#heard.push({ at: Date.now(), ...JSON.parse(payload) }));
			ws.on('framereceived', ({ payload }) => v.#heard.push({ at: Date.now(), ...JSON.parse(payload) }));
		});
		return v;
	}

	/** Loads a page, and waits until it is idle. Tasks are counted from here on. */
	async load(url) {
		await this.b.startTracing(this.page, { categories: ['toplevel', 'devtools.timeline', 'v8.execute'] });
		this.page.once('load', () => {
			this.#phase = 'idle';
		});
		await this.page.goto(url, { waitUntil: 'load' });
		await rest();
	}

	/** Does a piece of work on the page that is the same each time. */
	async work() {
		await this.page.evaluate(work, rows);
		await rest();
	}

	/** Opens the chat with the mouse. */
	async open() {
		this.#phase = 'open';
		const { width, height } = this.page.viewportSize();
		await this.page.mouse.click(width - 52, height - 52);
		await until('a connection', () => this.#heard.some((f) => f.t === 'welcome'));
		await rest();
	}

	/** Asks a question that the bot answers. */
	async ask(text) {
		this.#phase = 'ask';
		const frame = this.page.frames().find((f) => f.url().includes('/widget/v1/frame'));
		await frame.evaluate(() => document.querySelector('textarea').focus());
		await this.page.keyboard.insertText(text);
		await this.page.keyboard.press('Enter');
		await until('an answer', () => this.#bot());
		await rest();
	}

	#bot() {
		return this.#heard.find((f) => f.t === 'entry' && f.d.kind === 'message' && f.d.from.kind === 'bot');
	}

	/**
	 * Ends the visit. requests: those to the gateway, in order, with their bytes on the wire. shift: the layout shift of
	 * the page. tasks: see tasksOf. open, answer: milliseconds until it was drawn; server: the answer's, without the
	 * browser. early: how many launchers there were before the page had loaded.
	 */
	async end() {
		const { traceEvents } = JSON.parse(await this.b.stopTracing());
		const marks = Object.assign({}, ...(await Promise.all(this.page.frames().map((f) => f.evaluate(() => window.marks)))).reverse());
		const requests = [];
		for (const { request, phase } of this.#requests) {
			const response = await request.response();
			const { responseBodySize, responseHeadersSize } = await request.sizes();
			requests.push({ path: new URL(request.url()).pathname.replace(/^\/assets\/\w+/, ''), phase, type: request.resourceType(),
				status: response.status(), coding: response.headers()['content-encoding'] ?? '', body: responseBodySize, headers: responseHeadersSize });
		}
		const { faults } = this.page;
		await this.page.context().close();
		const sent = this.#heard.find((f) => f.t === 'send');
		return { requests, shift: marks.shift, early: marks.early, faults, tasks: tasksOf(traceEvents, this.base),
			open: marks.composer - marks.clicked, answer: marks.answer - marks.asked, server: this.#bot()?.at - sent?.at };
	}
}

/**
 * The tasks of the thread that the page is drawn on, longest first: ms of that thread's own time, so that what else the
 * machine does counts for little, and what slows the processor down does. ours: a script of the gateway ran in it; what:
 * the longest of them.
 */
function tasksOf(events, base) {
	const threads = new Map(events.filter((e) => e.name === 'RunTask' || /::RunTask$/.test(e.name)).map((e) => [`${e.pid} ${e.tid}`, []]));
	for (const e of events) if (e.ph === 'X') threads.get(`${e.pid} ${e.tid}`)?.push(e);
	const urlOf = (e) => `${e.args?.data?.url ?? e.args?.fileName ?? ''}`;
	const page = [...threads.values()].filter((on) => on.some((e) => e.name === 'UpdateLayoutTree')).flat();
	const scripts = page.filter((e) => urlOf(e).startsWith(`${base}/`));
	return page
		.filter((e) => /::RunTask$/.test(e.name))
		.map((task) => {
			const inside = scripts.filter((e) => e.pid === task.pid && e.ts >= task.ts && e.ts < task.ts + task.dur).sort((a, z) => z.dur - a.dur);
			const at = inside[0]?.args.data;
			return { ms: (task.tdur ?? task.dur) / 1000, ours: inside.length > 0, what: at ? `${inside[0].name} ${urlOf(inside[0]).split('/').pop()}:${at.lineNumber}:${at.columnNumber} ${at.functionName ?? ''}` : '' };
		})
		.sort((a, z) => z.ms - a.ms);
}

/** Milliseconds until an empty page stands in a frame of another. */
export async function frameFloor(b, url, slower) {
	const page = await newPage(b);
	const cdp = await page.context().newCDPSession(page);
	await cdp.send('Emulation.setCPUThrottlingRate', { rate: slower });
	await page.goto(url);
	const took = await page.evaluate((src) => new Promise((done) => {
		const frame = document.createElement('iframe');
		const began = performance.now();
		frame.onload = () => requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
		frame.src = src;
		document.body.append(frame);
	}), `${url}/empty`);
	await page.context().close();
	return took;
}

/** Bytes of heap and nodes of the window as a page of its own with one answer in it, and the heap of another page. */
export async function heap(b, chat, other, question) {
	const used = async (url, act) => {
		const page = await newPage(b);
		const cdp = await page.context().newCDPSession(page);
		await cdp.send('HeapProfiler.enable');
		await page.goto(url);
		await act?.(page);
		await cdp.send('HeapProfiler.collectGarbage');
		const { usedSize } = await cdp.send('Runtime.getHeapUsage');
		const { nodes } = await cdp.send('Memory.getDOMCounters');
		await page.context().close();
		return { usedSize, nodes };
	};
	const ours = await used(chat, async (page) => {
		await page.getByRole('textbox').fill(question);
		await page.keyboard.press('Enter');
		await page.getByRole('list', { name: /source/ }).waitFor();
	});
	return { ours: ours.usedSize, nodes: ours.nodes, floor: (await used(other)).usedSize };
}

export const median = (values) => [...values].sort((a, z) => a - z)[values.length >> 1];
