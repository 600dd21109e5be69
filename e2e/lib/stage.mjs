// A help desk with its articles, on one node or several, and a shop that embeds it.
import assert from 'node:assert/strict';
import { Server, cli, freePort, network, repository, site, temporaryFolder } from './product.mjs';

/**
 * Starts nodes on one store. Customers come through doors: each is a shop's page
 * of its own that reaches the nodes in turn by an address that can be cut.
 * Agents reach the nodes themselves. What the first door has, the stage has.
 */
export async function stage(t, nodes, env, doors = 1) {
	const data = temporaryFolder(t);
	const all = [];
	const ports = [];
	for (let i = 0; i < doors; i++) ports.push(await freePort());
	for (let i = 0; i < nodes; i++) {
		const [port, admin] = [await freePort(), await freePort()];
		const address = `http://127.0.0.1:${port}`;
		const args = ['serve', '--data', data, '--listen', `127.0.0.1:${port}`, '--admin-listen', `127.0.0.1:${admin}`, '--log-level', 'warn'];
		const server = new Server(t, i === 0 ? [...args, '--public-url', `http://127.0.0.1:${ports[0]}`] : args, env);
		all.push(Object.assign(await server.start(), { address, port, metrics: `http://127.0.0.1:${admin}/metrics` }));
	}
	const run = (...args) => cli([...args, '--data', data], env);
	const imported = await run('import', `${repository}/evals/data/helpcentre`);
	assert.equal(imported.code, 0, imported.stderr);
	assert.match(imported.stdout, /55 added/);
	const key = all[0].out.match(/data-inbox="([^"]+)"/)[1];
	const made = await Promise.all(ports.map(async (port, i) => {
		const wire = await network(t, port, all[i % nodes].port);
		const base = `http://127.0.0.1:${port}`;
		const shop = await site(t, () => `<!doctype html><title>Shop</title><h1>Shop</h1><script async src="${base}/widget/v1/frontdesk.js" data-inbox="${key}"></script>`);
		return { wire, base, shop };
	}));
	const set = await run('admin', 'inbox', 'set', ...made.flatMap((d) => ['--sites', d.shop]), '--brand', 'Kessel & Korn', '--colour', '#8f4a1f');
	assert.equal(set.code, 0, set.stderr);
	const link = all[0].out.match(/http:\/\/[^/]+(\/console\/setup#token=\S+)/)[1];
	return { nodes: all, doors: made, ...made[0], data, run, setupLink: (node) => node.address + link };
}
