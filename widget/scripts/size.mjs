// The size gate: what a site's visitor loads, gzipped. Fails above the limits, and when nothing is built.
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url);
// kB of 1,000 bytes. `loader` is loaded by every page of a site; `frame` when the chat is opened first; a pane when it
// is needed first; a rare one in few conversations only, as that of a change in the shop that is to be confirmed, of
// files, or of a promise.
const limits = { loader: 2.5, frame: 12.5, panes: 17, rare: 3.5 };
const rare = ['pane-confirm.js', 'pane-files.js', 'pane-promise.js'];
const kindOf = (name) =>
	name === 'frontdesk.js' ? 'loader' : rare.includes(name) ? 'rare' : name.startsWith('pane-') ? 'panes' : 'frame';

const sums = { loader: 0, frame: 0, panes: 0, rare: 0 };
for (const name of readdirSync(dist).sort()) {
	const bytes = gzipSync(readFileSync(new URL(name, dist)), { level: 9 }).length;
	sums[kindOf(name)] += bytes;
	console.log(`${(bytes / 1000).toFixed(2).padStart(7)} kB  ${name}`);
}
let failed = false;
for (const [kind, limit] of Object.entries(limits)) {
	const sum = sums[kind] / 1000;
	const over = sum > limit || sum === 0;
	failed ||= over;
	console.log(`${sum.toFixed(2).padStart(7)} kB  ${kind}, limit ${limit} kB${over ? ': TOO LARGE' : ''}`);
}
process.exitCode = failed ? 1 : 0;
