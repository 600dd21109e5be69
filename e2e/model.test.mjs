// Answers in a language model's words: what a customer sees while they come, and
// that nothing which happens meanwhile leaves half of one behind. The model is a
// scripted one, at the pace of a real one.
import assert from 'node:assert/strict';
import test from 'node:test';
import { browser, newPage } from './lib/browser.mjs';
import { Console } from './lib/console.mjs';
import { kindWords, speaker } from './lib/speaker.mjs';
import { Server, cli, freePort, repository, site, temporaryFolder, until } from './lib/product.mjs';
import { Widget } from './lib/widget.mjs';

const ana = { name: 'Ana', email: 'ana@example.com', password: 'a long enough password' };
const question = 'How do I clean the burrs of my M2?';
const firstStep = 'Turn the handle until nothing more falls out.';
const lastStep = 'Tighten until it stops';

test('answers in the words of a model', async (t) => {
	const m = await speaker(t);
	const data = temporaryFolder(t);
	const port = await freePort();
	const base = `http://127.0.0.1:${port}`;
	const env = { OPENAI_BASE_URL: m.url, FRONTDESK_LLM_MODEL: 'scripted' };
	const server = new Server(t, ['serve', '--data', data, '--listen', `127.0.0.1:${port}`, '--admin-listen', 'off', '--log-level', 'error'], env);
	await server.start();
	const run = (...args) => cli([...args, '--data', data], env);
	const imported = await run('import', `${repository}/evals/data/helpcentre`);
	assert.equal(imported.code, 0, imported.stderr);
	const key = server.out.match(/data-inbox="([^"]+)"/)[1];
	const setUp = server.out.match(/http\S+\/console\/setup#token=\S+/)[0];
	const shop = await site(t, () => `<!doctype html><title>Shop</title><h1>Shop</h1><script async src="${base}/widget/v1/frontdesk.js" data-inbox="${key}"></script>`);
	const set = await run('admin', 'inbox', 'set', '--sites', shop);
	assert.equal(set.code, 0, set.stderr);

	const b = await browser(t);
	const agent = new Console(await newPage(b), base);
	await agent.setUp(setUp, ana);

	/** A customer who has not been here before. drafts are the texts that the gateway sent of answers in the making. */
	const stranger = async () => {
		const page = await newPage(b);
		const c = Object.assign(new Widget(page), { drafts: [], conversation: '' });
		page.on('websocket', (ws) => ws.on('framereceived', ({ payload }) => {
			const f = JSON.parse(payload);
			if (f.t === 'draft') c.drafts.push(f.d.text);
			if (f.t === 'entry') c.conversation = f.d.conversation;
		}));
		await page.goto(shop);
		await c.open();
		c.draft = c.frame.locator('.bt[aria-hidden]');
		c.answers = c.log.locator('.bt');
		return c;
	};
	/** Asks, and waits until the answer has begun to come; it goes on when the model is told to. */
	const begun = async (c) => {
		m.next = 'wait';
		await c.say(question);
		await c.draft.getByText(firstStep).waitFor();
	};

	await t.test('come sentence by sentence, outside of what is read aloud', async () => {
		const c = await stranger();
		await begun(c);
		assert.equal(await c.answers.count(), 0, 'the log holds no part of it');
		m.next = 'speak';
		await c.answers.getByText(lastStep).waitFor();
		assert.equal(await c.draft.count(), 0, 'the entry has taken its place');
		assert.ok(c.drafts.length >= 4, `${c.drafts.length} drafts`);
		for (const [i, text] of c.drafts.entries()) assert.ok(i === 0 || text.startsWith(c.drafts[i - 1]), 'it only grows');
		assert.match(await c.answers.innerText(), new RegExp(kindWords));
		assert.equal(await c.answers.evaluate((el) => getComputedStyle(el).animationName), 'none', 'it does not appear anew');

		// The next one, below all of that: where the question and the answer's first line stand, in every picture.
		await c.frame.evaluate(() => {
			window.seen = [];
			const top = (all) => [...document.querySelectorAll(all)].pop()?.getBoundingClientRect().top;
			const look = () => {
				const draft = document.querySelector('.bt[aria-hidden] .page p');
				const stored = [...document.querySelectorAll('.log .bt')];
				const comes = [...document.querySelectorAll('.me')].pop()?.getAnimations().length; // the question itself, for a moment
				if (!comes && (draft || stored.length > 1)) window.seen.push({ draft: !!draft, question: top('.me > .b'), answer: top(draft ? '.bt[aria-hidden] .page' : '.log .bt .page') });
				requestAnimationFrame(look);
			};
			look();
		});
		await c.say('What does delivery to Austria cost?');
		await until('the second answer', async () => (await c.answers.count()) === 2);
		await until('a picture of it', () => c.frame.evaluate(() => !window.seen.at(-1).draft));
		await c.page.waitForTimeout(500); // what comes with it has come
		const seen = await c.frame.evaluate(() => window.seen);
		assert.ok(seen.some((s) => s.draft) && !seen.at(-1).draft, 'both were seen');
		for (const part of ['question', 'answer']) {
			const tops = seen.map((s) => Math.round(s[part]));
			assert.ok(Math.max(...tops) - Math.min(...tops) <= 1, `the ${part} moves: ${[...new Set(tops)]}`);
		}
		await c.page.close();
	});

	await t.test('stop when an agent takes over, and are taken away', async () => {
		const c = await stranger();
		const ended = m.ended;
		await begun(c);
		const took = await agent.page.evaluate(async (id) => {
			const ask = (path, body) => fetch(`/api/v1/conversations/${id}${path}`, { method: body ? 'POST' : 'GET', body: body && JSON.stringify(body), headers: { 'Content-Type': 'application/json' } });
			const view = await (await ask('')).json();
			return (await ask('/claim', { epoch: view.epoch })).status;
		}, c.conversation);
		assert.equal(took, 200);
		m.next = 'speak';
		await until('the draft to go', async () => (await c.draft.count()) === 0);
		await until('the model to be stopped', () => m.ended > ended);
		await new Promise((r) => setTimeout(r, 3000)); // longer than the rest of the answer takes
		assert.equal(await c.answers.count(), 0, 'the bot is silent');
		await c.page.close();
	});

	await t.test('begin anew when the customer writes on', async () => {
		const c = await stranger();
		const asked = m.asked;
		await begun(c);
		await c.say('It is the one in walnut.');
		await until('it begins anew', () => m.asked - asked > 1);
		m.next = 'speak';
		await c.answers.getByText(lastStep).waitFor();
		assert.equal(await c.answers.count(), 1, 'both messages have one answer');
		assert.equal(m.asked - asked, 2);
		await c.page.close();
	});

	await t.test('give way to the answer without a model when it dies', async () => {
		const c = await stranger();
		await begun(c);
		m.next = 'die';
		await c.answers.getByText(lastStep).waitFor();
		assert.equal(await c.draft.count(), 0);
		assert.ok(c.drafts[0].startsWith(kindWords));
		assert.doesNotMatch(await c.answers.innerText(), new RegExp(kindWords));
		await c.page.close();
	});

	await t.test('come whole after the server was killed', async () => {
		const c = await stranger();
		await begun(c);
		await server.kill();
		m.next = 'speak';
		await until('the draft to go', async () => (await c.draft.count()) === 0);
		await server.start();
		await c.sees(lastStep);
		assert.equal(await c.answers.count(), 1);
		assert.equal(await c.log.getByText(firstStep).count(), 1);
		await c.page.close();
	});
});
