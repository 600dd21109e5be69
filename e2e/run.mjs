// Runs every *.test.mjs here, one after the other, and writes how many passed
// to the file that FRONTDESK_COUNTS names. FRONTDESK_BIN is the built binary,
// FRONTDESK_CHROMIUM the browser; both have defaults for a developer's machine.
import { readdirSync, writeFileSync } from 'node:fs';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const only = process.argv.slice(2);
const files = readdirSync(here)
	.filter((f) => f.endsWith('.test.mjs') && (only.length === 0 || only.some((o) => f.includes(o))))
	.map((f) => here + f);

const counts = { passed: 0, failed: 0, skipped: 0 };
// The long forms set times of their own.
const stream = run({ files, concurrency: 1, timeout: process.env.FRONTDESK_SHIFT ? 3_600_000 : 300_000 });
stream.on('test:pass', (e) => {
	if (e.details.type === 'suite') return;
	counts[e.skip ? 'skipped' : 'passed']++;
});
stream.on('test:fail', () => {
	counts.failed++;
});
stream.compose(new spec()).pipe(process.stdout);
stream.on('end', () => {
	if (process.env.FRONTDESK_COUNTS) writeFileSync(process.env.FRONTDESK_COUNTS, JSON.stringify(counts));
	process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;
});
