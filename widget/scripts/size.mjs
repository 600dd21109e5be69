// The size gate: what a site's visitor loads, gzipped. Fails above the limits, and when nothing is built.
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url);
// kB of 1,000 bytes. `loader` is loaded by every page of a site; `app` when the chat is opened first, and is enough for a
// first answer; a pane when it is needed first; a shim by pages that were written for another widget. A visitor's
// language is apart: one table of words.
const goals = { loader: 2.5, app: 12.5, pane: 6, all: 35 };
// Where a goal is missed, what there is now is the limit: it only goes down.
const limits = { ...goals, all: 43.6 };
const kindOf = (name) => (name === 'frontdesk.js' ? 'loader' : (/^(pane|shim|locale)-/.exec(name)?.[1] ?? 'app'));

const sums = { loader: 0, app: 0, all: 0 };
let failed = false;
const check = (what, bytes, limit) => {
	const over = bytes > limit * 1000 || bytes === 0;
	failed ||= over;
	console.log(
		`${(bytes / 1000).toFixed(2).padStart(7)} kB  ${what}${limit < Infinity ? `, limit ${limit} kB` : ''}${over ? ': TOO LARGE' : ''}`,
	);
};
for (const name of readdirSync(dist).sort()) {
	if (name.endsWith('.d.ts')) continue; // no visitor loads it
	const kind = kindOf(name);
	const bytes = gzipSync(readFileSync(new URL(name, dist)), { level: 9 }).length;
	check(name, bytes, kind === 'pane' ? limits.pane : Infinity);
	if (kind in sums) sums[kind] += bytes;
	if (kind !== 'locale') sums.all += bytes;
}
for (const kind of Object.keys(sums)) check(kind, sums[kind], limits[kind]);
process.exitCode = failed ? 1 : 0;
