// The size gate: all JavaScript, all CSS and each language of the built console, gzipped. Fails above the limits, and when
// nothing is built.
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url);
// kB of 1,000 bytes. All scripts together may have 310: what an agent seldom opens (the palette, settings, a supervisor's
// charts) is a file of its own that comes when it is opened. The second keeps the style sheet honest. The words of another
// language are fetched by who reads it, one file each.
const limits = { js: 310, css: 20 };
const limitOfLanguage = 27;
const languages = new Set(readdirSync(new URL('../src/text/', import.meta.url)).map((name) => `${name}.js`));

const sums = { js: 0, css: 0 };
let failed = false;
for (const name of readdirSync(dist).sort()) {
	const kind = name.split('.').at(-1);
	if (!(kind in sums)) continue;
	const bytes = gzipSync(readFileSync(new URL(name, dist)), { level: 9 }).length;
	const spoken = languages.has(name);
	const large = spoken && bytes / 1000 > limitOfLanguage;
	failed ||= large;
	if (!spoken) sums[kind] += bytes;
	console.log(`${(bytes / 1000).toFixed(1).padStart(7)} kB  ${name}${large ? ': TOO LARGE' : ''}`);
}
for (const [kind, limit] of Object.entries(limits)) {
	const sum = sums[kind] / 1000;
	const over = sum > limit || sum === 0;
	failed ||= over;
	console.log(`${sum.toFixed(1).padStart(7)} kB  all ${kind}, limit ${limit} kB${over ? ': TOO LARGE' : ''}`);
}
process.exitCode = failed ? 1 : 0;
