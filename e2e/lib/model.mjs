// A language model whose every word is the test's: an OpenAI-compatible server that streams.
import { createServer } from 'node:http';

/** Starts one. reply gets the messages of a request and gives the text that is streamed. */
export async function model(t, reply) {
	const asked = [];
	const server = createServer(async (req, res) => {
		if (!req.url.endsWith('/chat/completions')) {
			res.writeHead(200, { 'Content-Type': 'application/json' });
			res.end(JSON.stringify({ object: 'list', data: [{ id: 'scripted', object: 'model' }] }));
			return;
		}
		let body = '';
		for await (const part of req) body += part;
		const { messages } = JSON.parse(body);
		asked.push(messages);
		res.writeHead(200, { 'Content-Type': 'text/event-stream' });
		const chunk = (delta, finish_reason = null) =>
			res.write(`data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 1, model: 'scripted', choices: [{ index: 0, delta, finish_reason }] })}\n\n`);
		chunk({ role: 'assistant', content: '' });
		for (const word of reply(messages).split(/(?<= )/)) chunk({ content: word });
		chunk({}, 'stop');
		res.end('data: [DONE]\n\n');
	}).listen(0, '127.0.0.1');
	await new Promise((r) => server.once('listening', r));
	t.after(() => {
		server.closeAllConnections();
		server.close();
	});
	return { asked, env: { FRONTDESK_LLM_MODEL: 'scripted', OPENAI_BASE_URL: `http://127.0.0.1:${server.address().port}/v1`, OPENAI_API_KEY: 'none' } };
}
