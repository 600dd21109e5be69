// The demo, started on free ports, with a folder of its own for what it keeps.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Server, cli, freePort, temporaryFolder } from './product.mjs';

export async function demo(t, env = {}) {
	const temporary = temporaryFolder(t);
	const [port, shopPort] = [await freePort(), await freePort()];
	const args = ['demo', '--listen', `127.0.0.1:${port}`, '--shop-listen', `127.0.0.1:${shopPort}`];
	const server = new Server(t, args, { TMPDIR: temporary, ...env });
	await server.start(/Ctrl-C/);
	const base = `http://127.0.0.1:${port}`;
	const shop = `http://127.0.0.1:${shopPort}`;
	const data = join(temporary, readdirSync(temporary).find((name) => name.startsWith('frontdesk-demo-')));
	return {
		server,
		base,
		shop,
		temporary,
		data,
		ana: { email: 'ana@kesselkorn.example', password: server.out.match(/password (\S+)/)[1] },
		/** The tag that the shop embeds. */
		tag: (await (await fetch(shop)).text()).match(/<script async src="[^"]+\/widget\/[^>]+><\/script>/)[0],
		/** Lets other sites than the shop embed the widget, too. */
		async allow(...sites) {
			const set = await cli(['admin', 'inbox', 'set', '--data', data, ...[shop, ...sites].flatMap((s) => ['--sites', s])]);
			assert.equal(set.code, 0, set.stderr);
		},
	};
}
