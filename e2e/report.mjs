// Writes docs/widget.md: what the widget weighs, how long one waits for it, what it takes and what is found fault with,
// measured in Chromium with the real server, beside what is known of others. "make widget" calls it; it takes a
// minute, and a quiet machine.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import test from 'node:test';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { count } from './lib/axe.mjs';
import { browser, newPage } from './lib/browser.mjs';
import { demo } from './lib/demo.mjs';
import { Visit, frameFloor, heap, median, plainPage } from './lib/measure.mjs';
import { cli, repository, site } from './lib/product.mjs';
import { Widget } from './lib/widget.mjs';

const question = 'How do I clean the burrs of my M2?';
const visits = 5;
const out = process.env.FRONTDESK_REPORT ?? `${repository}/docs/widget.md`;

const kB = (bytes) => (bytes / 1000).toFixed(2);
const ms = (values) => `${Math.round(median(values))} (${Math.round(Math.min(...values))} to ${Math.round(Math.max(...values))})`;
const row = (...cells) => `| ${cells.join(' | ')} |`;
const table = (head, rows, other = '---:') => [row(...head), row(...head.map((_, i) => (i === 0 ? '---' : other))), ...rows.map((r) => row(...r))].join('\n');

/** Each built file: raw, gzip at its best, Brotli at its best; and what belongs together, summed. */
function sizes() {
	const dist = `${repository}/widget/dist`;
	const files = readdirSync(dist).filter((name) => !name.endsWith('.d.ts')).sort().map((name) => {
		const data = readFileSync(`${dist}/${name}`);
		const brotli = brotliCompressSync(data, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
		return { name, raw: data.length, gzip: gzipSync(data, { level: 9 }).length, brotli: brotli.length };
	});
	const kind = (name) => (name === 'frontdesk.js' ? 'loader' : (/^(pane|shim|locale)-/.exec(name)?.[1] ?? 'app'));
	const of = (...kinds) => files.filter((f) => kinds.includes(kind(f.name)));
	const sum = (name, list) => ({ name, ...Object.fromEntries(['raw', 'gzip', 'brotli'].map((k) => [k, list.reduce((n, f) => n + f[k], 0)])) });
	const locales = of('locale');
	const [least, most] = [locales.reduce((a, z) => (a.gzip < z.gzip ? a : z)), locales.reduce((a, z) => (a.gzip > z.gzip ? a : z))];
	return {
		files: [...of('loader'), ...of('app'), ...of('pane'), ...of('shim')],
		sums: [
			sum('every page: the loader', of('loader')),
			sum('the first opening, up to a first answer: the app', of('app')),
			sum('all of it, without words', of('loader', 'app', 'pane', 'shim')),
			{ ...least, name: `words, one language of ${locales.length}: from ${least.name.slice(7, -5)}` },
			{ ...most, name: `to ${most.name.slice(7, -5)}` },
		],
		app: sum('', of('app')).gzip,
		loader: sum('', of('loader')).gzip,
	};
}

/** Visits at a share of the processor's speed, with what the same machine takes without us. */
async function timings(b, d, shop, bare, slower) {
	const all = [];
	const floors = { frame: [], task: [] };
	for (let i = 0; i < visits; i++) {
		const alone = await Visit.begin(b, d.base, slower);
		await alone.load(bare);
		floors.task.push((await alone.end()).tasks[0].ms);
		floors.frame.push(await frameFloor(b, bare, slower));
		const v = await Visit.begin(b, d.base, slower);
		await v.load(shop);
		await v.open();
		await v.ask(question);
		all.push(await v.end());
	}
	const longest = (is) => all.map((v) => v.tasks.find(is)?.ms ?? 0);
	return { all, slower, open: all.map((v) => v.open), answer: all.map((v) => v.answer), server: all.map((v) => v.server), task: longest((task) => task.ours), floors };
}

/** Bytes on the wire of what a phase asked for, headers too. */
const wire = (v, ...phases) => v.requests.filter((r) => phases.includes(r.phase)).reduce((n, r) => n + r.body + r.headers, 0);

/** A customer's way through the strictest host: how many violations of a policy, how many findings of axe. */
async function faults(t, b, d) {
	const policy = (await cli(['embed', '--csp', '--data', d.data])).stdout.trim();
	const strict = await site(t, () => plainPage(d.tag).replace(/<style>.*<\/style>/, ''), { 'Content-Security-Policy': `default-src 'none'; ${policy}` });
	await d.allow(strict);
	const page = await newPage(b, { reducedMotion: 'reduce' });
	const violations = [];
	await page.exposeBinding('violated', (_, directive) => violations.push(directive));
	await page.addInitScript(() => addEventListener('securitypolicyviolation', (e) => window.violated(e.violatedDirective)));
	await page.goto(strict);
	const c = new Widget(page);
	await c.open();
	let [findings, looks] = [0, 0];
	const look = async () => {
		const found = await count(page, c.frame);
		findings += found.findings;
		looks += found.looks;
	};
	await look();
	await c.ask(question);
	await look();
	await c.log.getByRole('list', { name: /source/ }).getByRole('button').first().click();
	await c.frame.locator('mark').first().waitFor();
	await look();
	await c.frame.getByRole('button', { name: 'Back' }).click();
	await c.frame.getByRole('button', { name: 'Talk to a person' }).click();
	await c.frame.getByLabel('Your e-mail').waitFor();
	await look();
	assert.deepEqual(page.faults, []);
	await page.context().close();
	return { violations: violations.length, findings, looks };
}

const peers = [
	['LibreDesk', '5.2 kB gzip (24.7 kB raw)', 'a loader alone, its window not measured', 'measured from its static/widget.js'],
	['Chatwoot', '170.4 KiB', 'transferred, 80.7 KiB of it not used', 'Lighthouse, 2021, in its issue 2658'],
	['Crisp', 'about 160 kB', 'compressed (232 kB before its rewrite, "30 % smaller" after); not verified', 'crisp.chat/blog/fastest-live-chat'],
	['Tidio', '150 to 250 kB', 'transferred', 'store-vitals.com, 2026, a third party'],
	['Gorgias', '180 to 280 kB', 'transferred', 'store-vitals.com, 2026, a third party'],
	['Intercom', '300 to 500 kB', 'transferred', 'store-vitals.com, 2026, a third party'],
	['BotFramework Web Chat', '700 kB gzip', 'one chunk of a sample', 'microsoft/BotFramework-WebChat issue 3509'],
	['LiveChat', '', '610 ms in which the page\'s thread was held', 'livechat/chat-widget-adapters issue 56'],
	['GhostChat', 'under 10 kB gzip', 'its own claim, no bot', 'ghostchat.dev'],
];

test('docs/widget.md', async (t) => {
	const d = await demo(t);
	const b = await browser(t);
	const shop = await site(t, () => plainPage(d.tag));
	const bare = await site(t, () => plainPage(''));
	await d.allow(shop);
	const weight = sizes();
	const [full, quarter] = [await timings(b, d, shop, bare, 1), await timings(b, d, shop, bare, 4)];
	const seen = [...full.all, ...quarter.all];
	const used = await heap(b, `${d.base}/chat?inbox=${d.tag.match(/data-inbox="([^"]+)"/)[1]}`, bare, question);
	const found = await faults(t, b, d);
	const one = seen[0];
	const times = (name, of, floor) => [name, ms(of(full)), ms(floor(full)), ms(of(quarter)), ms(floor(quarter))];
	const day = new Date().toISOString().slice(0, 10);

	writeFileSync(out, `# What the widget weighs and takes

Written by \`make widget\` on ${day}: Chromium ${b.version()}, headless, and the server on one machine with ${cpus().length} processor${cpus().length === 1 ? '' : 's'} and ${Math.round(totalmem() / 2 ** 30)} GiB, over loopback. kB are 1,000 bytes. Timings are the median of ${visits} visits with the least and the most, each by a new visitor with an empty cache; what the machine takes without the widget stands beside them.

## Size

${table(['part', 'raw', 'gzip', 'Brotli'], weight.sums.map((f) => [f.name, kB(f.raw), kB(f.gzip), kB(f.brotli)]))}

On the wire, with headers: ${kB(wire(one, 'load', 'idle'))} kB with the page (${one.requests.filter((r) => /load|idle/.test(r.phase)).length} request), ${kB(wire(one, 'open'))} kB more with the first opening (${one.requests.filter((r) => r.phase === 'open').length} requests), ${kB(wire(one, 'ask'))} kB more for a first answer over the socket that is open by then (${one.requests.filter((r) => r.phase === 'ask').length} requests). Files have an address that changes with them and are kept for a year; the loader for five minutes.

${table(['file', 'raw', 'gzip', 'Brotli'], weight.files.map((f) => [`\`${f.name}\``, kB(f.raw), kB(f.gzip), kB(f.brotli)]))}

## Time, in milliseconds

${table(['', 'at full speed', 'floor', 'processor at a quarter', 'floor'], [
	times('from the click until one can write', (x) => x.open, (x) => x.floors.frame),
	times('from the question until the answer stands there', (x) => x.answer, (x) => x.server),
	times('longest task of the widget, in processor time', (x) => x.task, (x) => x.floors.task),
])}

The floor of the first row is an empty page in a frame; of the second the server's part of the answer, on the socket; of the third the longest task of the same page without the tag. Layout shift of the page, over all ${seen.length} visits: ${Math.max(...seen.map((v) => v.shift))}. Launchers that were there before the page had loaded: ${Math.max(...seen.map((v) => v.early))}.

## Memory

The window with one answer in it: ${(used.ours / 1e6).toFixed(2)} MB of JavaScript heap and ${used.nodes} nodes, after a collection; an empty page takes ${(used.floor / 1e6).toFixed(2)} MB.

## Faults

On a customer's way (welcome, answer, source, nobody online), on a page under \`default-src 'none'\` with our script and frame: ${found.violations} violations of a content security policy, ${found.findings} findings of axe (WCAG 2.2 A and AA) in ${found.looks} looks, at 360 and 1280 px, light and dark.

## Others

What is known of other widgets. The ways of measuring differ, so they show an order of size and no more.

${table(['product', 'size', 'of what', 'source'], [['**Frontdesk**', `**${kB(weight.loader)} + ${kB(weight.app)} kB gzip**`, 'the loader, and the app up to a first answer', 'above'], ...peers], '---')}
`);
	t.diagnostic(`wrote ${out}`);
	assert.equal(found.violations, 0);
	assert.equal(found.findings, 0);
});
