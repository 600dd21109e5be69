// Starting and stopping the real binary, and the things around it that a test
// needs: a site that embeds the widget, a network that can be cut, a database.
import { execFile, spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHTTP } from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';

export const repository = fileURLToPath(new URL('../..', import.meta.url));
const bin = process.env.FRONTDESK_BIN ?? join(repository, '.cache/bin/frontdesk');

// Tests must not inherit a developer's settings, nor a database that is not theirs.
const clean = Object.fromEntries(
	Object.entries(process.env).filter(([k]) => !k.startsWith('FRONTDESK_') && !['DATABASE_URL', 'PORT'].includes(k)),
);

export function temporaryFolder(t) {
	const dir = mkdtempSync(join(tmpdir(), 'frontdesk-e2e-'));
	t.after(() => rmSync(dir, { recursive: true, force: true }));
	return dir;
}

const given = new Set();

/**
 * A port on which nobody listens, for a server that may end and start again: below the range from which the kernel takes
 * ports for clients, so that none sits on it meanwhile, and above the last one there that browsers refuse (10080).
 */
export async function freePort() {
	for (;;) {
		const port = randomInt(11_000, 20_000);
		if (given.has(port)) continue;
		given.add(port);
		const s = net.createServer().listen(port, '127.0.0.1');
		try {
			await once(s, 'listening');
		} catch (err) {
			if (err.code !== 'EADDRINUSE') throw err;
			continue;
		}
		await new Promise((r) => s.close(r));
		return port;
	}
}

const once = (emitter, event) => new Promise((resolve, reject) => {
	emitter.once(event, resolve);
	emitter.once('error', reject);
});

/** Runs a subcommand to its end. Gives {code, stdout, stderr}. */
export async function cli(args, env = {}) {
	try {
		const { stdout, stderr } = await promisify(execFile)(bin, args, { env: { ...clean, ...env }, maxBuffer: 1 << 26 });
		return { code: 0, stdout, stderr };
	} catch (err) {
		if (typeof err.code !== 'number') throw err;
		return { code: err.code, stdout: err.stdout, stderr: err.stderr };
	}
}

/** A process of the product. start() resolves when it answers; kill() is kill -9. */
export class Server {
	constructor(t, args, env = {}) {
		Object.assign(this, { args, env, out: '', err: '', proc: null });
		t.after(() => this.stop());
	}

	async start(ready = /Console/) {
		this.out = '';
		this.proc = spawn(bin, this.args, { env: { ...clean, ...this.env }, stdio: ['ignore', 'pipe', 'pipe'] });
		this.exited = new Promise((resolve) => this.proc.once('exit', resolve));
		this.proc.stderr.on('data', (d) => { this.err += d; });
		await new Promise((resolve, reject) => {
			this.proc.stdout.on('data', (d) => {
				this.out += d;
				if (ready.test(this.out)) resolve();
			});
			this.proc.once('exit', (code) => reject(new Error(`${this.args[0]} ended with ${code}: ${this.err}`)));
		});
		return this;
	}

	async kill() {
		this.proc.kill('SIGKILL');
		await this.exited;
	}

	async stop() {
		if (!this.proc || this.proc.exitCode !== null || this.proc.signalCode !== null) return;
		this.proc.kill('SIGTERM');
		await this.exited;
	}
}

/** A site of its own origin whose page is html, served with headers; what it is asked for beside "/" is empty. */
export async function site(t, html, headers = {}) {
	const server = createHTTP((req, res) => {
		for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
		res.setHeader('Content-Type', req.url === '/' ? 'text/html' : 'text/plain');
		res.end(req.url === '/' ? html() : '');
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	t.after(() => server.close());
	return `http://127.0.0.1:${server.address().port}`;
}

/** A TCP proxy in front of a port, whose connections can be cut. */
export async function network(t, port, target) {
	const open = new Set();
	let up = true;
	const server = net.createServer((client) => {
		if (!up) return client.destroy();
		const upstream = net.connect(target, '127.0.0.1');
		for (const [a, b] of [[client, upstream], [upstream, client]]) {
			open.add(a);
			a.on('error', () => {}).on('close', () => { open.delete(a); b.destroy(); });
			a.pipe(b);
		}
	}).listen(port, '127.0.0.1');
	await once(server, 'listening');
	t.after(() => { cut(); server.close(); });
	const cut = () => {
		up = false;
		for (const s of open) s.destroy();
	};
	return { cut, mend: () => { up = true; } };
}

/** A Postgres database of this test's own, or null where no server is named for tests. */
export async function database(t) {
	const url = process.env.FRONTDESK_TEST_DATABASE_URL;
	if (!url) return null;
	const name = `frontdesk_e2e_${randomBytes(6).toString('hex')}`;
	const sql = async (text) => {
		const c = new pg.Client({ connectionString: url });
		await c.connect();
		try { return await c.query(text); } finally { await c.end(); }
	};
	await sql(`CREATE DATABASE ${name}`);
	t.after(() => sql(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
	const own = new URL(url);
	own.pathname = `/${name}`;
	return own.href;
}

/** Milliseconds in which everything comes back: a client's longest pause between attempts is 30 s. */
export const patience = 45_000;

/** Waits until fn gives something true, and gives it; fails with what says. */
export async function until(what, fn, ms = 15_000) {
	const end = Date.now() + ms;
	let last;
	for (;;) {
		try {
			const v = await fn();
			if (v) return v;
		} catch (err) {
			last = err;
		}
		if (Date.now() > end) throw new Error(`waited ${ms} ms for ${what}${last ? `: ${last.message}` : ''}`);
		await new Promise((r) => setTimeout(r, 100));
	}
}
