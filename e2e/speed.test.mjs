// What a page pays for the widget, on a processor at a quarter of its speed: nothing before it has loaded, nothing that
// moves, no task that it would feel. What the machine itself takes is measured beside it, with work that is the same each time.
import assert from 'node:assert/strict';
import test from 'node:test';
import { browser, newPage } from './lib/browser.mjs';
import { demo } from './lib/demo.mjs';
import { Visit, plainPage } from './lib/measure.mjs';
import { site } from './lib/product.mjs';
import { Widget } from './lib/widget.mjs';

const slower = 4;
/** What else the machine does only adds to a task's time, so that the least disturbed visit tells; a quiet machine needs two. */
const visits = { least: 2, most: 8 };
/** Milliseconds above which a task is long: by then a touch is answered late (W3C, Long Tasks). */
const long = 50;
/** Bytes of the app on the wire. The gate of what is built is widget/scripts/size.mjs. */
const most = 13_500;
/** What comes beside a first answer and is not waited for: a button for files, and thumbs below the answer. */
const beside = ['/widget/pane-beside.js', '/widget/pane-around.js'];
const question = 'How do I clean the burrs of my M2?';

test('the widget costs a page', async (t) => {
	const d = await demo(t);
	const b = await browser(t);
	const shop = await site(t, () => plainPage(d.tag));
	const bare = await site(t, () => plainPage(''));
	await d.allow(shop);
	const customer = async (speed) => {
		const v = await Visit.begin(b, d.base, speed);
		await v.load(shop);
		await v.open();
		await v.ask(question);
		return v.end();
	};
	/** The same work on a page without the tag. */
	const worker = async () => {
		const v = await Visit.begin(b, d.base, 1);
		await v.load(bare);
		await v.work();
		return v.end();
	};
	const seen = [await customer(slower), await customer(slower)];
	const of = (phase) => seen.map((v) => v.requests.filter((r) => r.phase === phase).map((r) => r.path));

	await t.test('one small script, and nothing more before it is opened', () => {
		assert.deepEqual(of('load'), seen.map(() => ['/widget/v1/frontdesk.js']));
		assert.deepEqual(of('idle'), seen.map(() => []));
		assert.deepEqual(seen.map((v) => v.early), seen.map(() => 0), 'nothing is drawn before the page has loaded');
		for (const { requests: [loader] } of seen) assert.ok(loader.coding === 'br' && loader.body <= 2500, JSON.stringify(loader));
	});

	await t.test('at the first opening what a first answer needs, each once and compressed', () => {
		for (const { requests } of seen) {
			const opened = requests.filter((r) => r.phase !== 'load');
			const paths = opened.map((r) => r.path);
			assert.deepEqual(paths.filter((p, i) => paths.indexOf(p) !== i), [], 'asked for twice');
			for (const part of ['/widget/v1/frame', '/widget/app.js', '/widget/app.css', '/widget/locale-en.json']) assert.ok(paths.includes(part), part);
			assert.deepEqual(opened.map((r) => r.path).filter((path) => path.startsWith('/widget/pane-') && !beside.includes(path)), [], 'a first answer needs no pane');
			for (const r of opened) if (/\.(js|json)$|app\.css$/.test(r.path)) assert.equal(r.coding, 'br', r.path);
			const app = opened.filter((r) => /frame$|app\./.test(r.path)).reduce((sum, r) => sum + r.body, 0);
			assert.ok(app <= most, `${app} bytes of the app`);
		}
	});

	await t.test('a first answer where no pane can be loaded', async () => {
		const page = await newPage(b);
		await page.route('**/pane-*.js', (route) => route.abort());
		await page.goto(shop);
		const w = new Widget(page);
		await w.open();
		assert.ok((await w.ask(question)).length > 0);
		await page.context().close();
	});

	await t.test('no shift of what is on it', () => {
		assert.deepEqual(seen.map((v) => v.shift), seen.map(() => 0));
	});

	await t.test('no long task', async (t) => {
		// At full speed, as Chromium slows a processor down by letting it spin, which counts a busy machine's waits four times.
		const [fast, work] = [[], []];
		const least = (all, is) => Math.min(...all.map((v) => v.tasks.find(is)?.ms ?? 0)) * slower;
		const mine = () => least(fast, (task) => task.ours);
		const yard = () => least(work, () => true);
		while (fast.length < visits.least || (mine() > Math.max(long, yard()) && fast.length < visits.most)) {
			work.push(await worker());
			fast.push(await customer(1));
		}
		for (const v of fast) t.diagnostic(v.tasks.filter((task) => task.ours).slice(0, 3).map((task) => `${task.ms.toFixed(1)} ms ${task.what}`).join(', '));
		assert.ok([...seen, ...fast].every((v) => v.tasks.some((task) => task.ours)), 'the tasks that run the widget were found');
		const what = `the longest task of the widget takes ${mine().toFixed(1)} ms of processor time at 1/${slower} of the speed; work that took ${long} ms where the limit was set: ${yard().toFixed(1)} ms`;
		t.diagnostic(what);
		assert.ok(mine() <= Math.max(long, yard()), what);
	});

	await t.test('and breaks nothing', () => {
		for (const v of seen) assert.deepEqual(v.faults, []);
	});
});
