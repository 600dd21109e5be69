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

/**
 * Runs files, and gives what came of them: by file, how many tests passed, failed and were left out, and which failed.
 * The long forms set times of their own.
 */
async function attempt(files) {
	const results = new Map(files.map((file) => [file, { passed: 0, skipped: 0, failed: [] }]));
	const stream = run({ files, concurrency: 1, timeout: process.env.FRONTDESK_SHIFT ? 3_600_000 : 300_000 });
	// A file that ends before it has told of its tests fails under a name of its own.
	const of = (e) => results.get(e.file) ?? results.get(e.name) ?? results.get(files[0]);
	stream.on('test:pass', (e) => {
		if (e.details.type !== 'suite') of(e)[e.skip ? 'skipped' : 'passed']++;
	});
	stream.on('test:fail', (e) => of(e).failed.push(e.name));
	stream.compose(new spec()).pipe(process.stdout, { end: false });
	await new Promise((end) => stream.on('end', end));
	return results;
}

const results = await attempt(files);
// A browser, a server and a busy machine: what fails may pass when it is tried again, alone. That counts as passed and is
// told. More than a few at once have a cause that a second try would only hide.
const most = 2;
const failed = files.filter((file) => results.get(file).failed.length);
const flaky = [];
if (failed.length <= most && !process.env.FRONTDESK_SHIFT)
	for (const file of failed) {
		const first = results.get(file).failed;
		const second = (await attempt([file])).get(file);
		results.set(file, second);
		if (!second.failed.length) flaky.push(...first);
	}

const counts = { passed: 0, failed: 0, skipped: 0 };
for (const { passed, skipped, failed } of results.values()) {
	counts.passed += passed;
	counts.skipped += skipped;
	counts.failed += failed.length;
}
for (const name of flaky) console.log(`FLAKY: passed at the second try only: ${name}`);
if (process.env.FRONTDESK_COUNTS) writeFileSync(process.env.FRONTDESK_COUNTS, JSON.stringify(counts));
process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;
