// The demo, started on free ports.
import { Server, freePort } from './product.mjs';

export async function demo(t) {
	const [port, shopPort] = [await freePort(), await freePort()];
	const server = new Server(t, ['demo', '--listen', `127.0.0.1:${port}`, '--shop-listen', `127.0.0.1:${shopPort}`]);
	await server.start(/Ctrl-C/);
	return {
		server,
		base: `http://127.0.0.1:${port}`,
		shop: `http://127.0.0.1:${shopPort}/`,
		ana: { email: 'ana@kesselkorn.example', password: server.out.match(/password (\S+)/)[1] },
	};
}
