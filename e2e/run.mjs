// Runs every *.test.mjs here, two at a time but for those that measure, and writes
// how many passed to the file that FRONTDESK_COUNTS names. FRONTDESK_BIN is the built
// binary, FRONTDESK_CHROMIUM the browser; both have defaults for a developer's machine.
import { readdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const only = process.argv.slice(2);
const files = readdirSync(here)
	.filter((f) => f.endsWith('.test.mjs') && (only.length === 0 || only.some((o) => f.includes(o))))
	.map((f) => here + f);

/** What holds times against bounds, or pictures against others, has the machine to itself. */
const alone = ['demo', 'golden', 'speed', 'transport'];
const isAlone = (file) => alone.includes(basename(file, '.test.mjs'));

/** The longest, which begin first, so that none of them is left to run by itself at the end. */
const long = ['story', 'access', 'oidc', 'search', 'model', 'talk', 'visitor', 'a11y', 'promise', 'language'];
const rank = (file) => (long.indexOf(basename(file, '.test.mjs')) + long.length + 1) % (long.length + 1);

/**
 * Runs files, so many at a time; what each writes stays together. Gives what came of them: by file, how many tests
 * passed, failed and were left out, and which failed. The long forms set times of their own.
 */
async function attempt(files, concurrency) {
	const results = new Map(files.map((file) => [file, { passed: 0, skipped: 0, failed: [] }]));
	const stream = run({ files, concurrency, timeout: process.env.FRONTDESK_SHIFT ? 3_600_000 : 600_000 });
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

const beside = process.env.FRONTDESK_SHIFT ? 1 : Math.min(2, availableParallelism());
const results = new Map();
for (const [part, concurrency] of [[files.filter((f) => !isAlone(f)).sort((a, z) => rank(a) - rank(z)), beside], [files.filter(isAlone), 1]])
	if (part.length) for (const [file, result] of await attempt(part, concurrency)) results.set(file, result);
// A browser, a server and a busy machine: what fails may pass when it is tried again, alone. That counts as passed and is
// told. More than a few at once have a cause that a second try would only hide.
const most = 2;
const failed = files.filter((file) => results.get(file).failed.length);
const flaky = [];
if (failed.length <= most && !process.env.FRONTDESK_SHIFT)
	for (const file of failed) {
		const first = results.get(file).failed;
		const second = (await attempt([file], 1)).get(file);
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
