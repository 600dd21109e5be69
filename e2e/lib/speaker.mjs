// A scripted language model: an OpenAI-compatible server that words an answer as
// the prompt has it, at a model's pace, and goes wrong when it is told to.
import { createServer } from 'node:http';

/** Of a model on one good card, about: a token every 20 ms. */
const pace = 20;
const pause = (ms) => new Promise((r) => setTimeout(r, ms));
export const kindWords = 'Sorry for the wait!';

/**
 * Starts it. next is what wordings do half way: 'speak' on to the end, 'die', 'stall', or 'wait' until it is something
 * else. asked counts the wordings that were asked for, ended those that are over, whole or not.
 */
export async function speaker(t) {
	const m = { next: 'speak', asked: 0, ended: 0 };
	const server = createServer(async (req, res) => {
		let body = '';
		for await (const piece of req) body += piece;
		if (!req.url.endsWith('/chat/completions')) return res.end(JSON.stringify({ object: 'list', data: [{ id: 'scripted', object: 'model' }] }));
		res.setHeader('Content-Type', 'text/event-stream');
		const send = (delta, finish = null) =>
			res.write(`data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', model: 'scripted', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`);
		const end = () => { send({}, 'stop'); res.end('data: [DONE]\n\n'); };
		send({ role: 'assistant', content: '' });
		const prompt = JSON.parse(body).messages.map((x) => x.content).join('\n');
		const draft = prompt.match(/<draft-[^>]*>\n([\s\S]*?)\n<\/draft-/);
		if (!draft) { // a probe, or something that is not worded
			send({ content: 'Hello.' });
			return end();
		}
		m.asked++;
		res.on('close', () => { m.ended++; });
		const tokens = `[-] ${kindWords}\n${draft[1]}\n`.split(/(?<=\s)/);
		const half = Math.ceil(tokens.length / 2);
		for (const [i, token] of tokens.entries()) {
			if (i === half) {
				for (; m.next === 'wait' && !res.destroyed; await pause(10 * pace)) send({ reasoning_content: 'hm' }); // it is alive
				if (res.destroyed) return;
				if (m.next === 'die') return res.socket.destroy();
				if (m.next === 'stall') return; // the client ends it
			}
			if (res.destroyed) return;
			send({ content: token });
			await pause(pace);
		}
		end();
	}).listen(0, '127.0.0.1');
	await new Promise((r) => server.once('listening', r));
	t.after(() => { server.closeAllConnections(); server.close(); });
	m.url = `http://127.0.0.1:${server.address().port}/v1`;
	return m;
}
