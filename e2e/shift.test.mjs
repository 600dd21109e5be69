// A shift at the help desk: agents work in the console, customers come and go in
// the widget, connections are cut, pages reload, a node is killed. In the end every
// customer's list is the agents', nobody was forgotten, and nobody waits.
//
// FRONTDESK_SHIFT=full plays 2 agents, 20 customers and 60 conversations on each
// store (make shift), FRONTDESK_SHIFT=short a tenth of it; without it nothing.
import assert from 'node:assert/strict';
import test from 'node:test';
import { browser, newPage } from './lib/browser.mjs';
import { Console } from './lib/console.mjs';
import { database, patience, until } from './lib/product.mjs';
import { stage } from './lib/stage.mjs';
import { Widget } from './lib/widget.mjs';

const shift = process.env.FRONTDESK_SHIFT;
const skip = !shift && 'FRONTDESK_SHIFT is not set';
const full = shift === 'full';
const [customers, each] = full ? [20, 3] : [4, 2];
// Ten customers for each agent: one waits for nine others.
const turn = full ? 900_000 : 2 * patience;
const agents = [
	{ name: 'Ana', email: 'ana@example.com', password: 'a long enough password', role: 'owner' },
	{ name: 'Jonas', email: 'jonas@example.com', password: 'another long password', role: 'agent' },
];
const asked = [
	['What does delivery to Austria cost?', /Delivery times and costs/],
	['How do I clean the burrs of my M2?', /Clean the burrs/],
	['Which grind do I need for a moka pot?', /grind size/],
];

/** Numbers from 0 to 1, the same in every run. */
function seeded(seed) {
	return () => {
		seed = (seed * 1664525 + 1013904223) % 2 ** 32;
		return seed / 2 ** 32;
	};
}

/**
 * What happens in conversation n: whether the bot is asked first, who asks for a
 * person how, and what the agent does with it. The number stands in everything
 * that is said, so that each side finds the conversation again.
 */
function plot(n) {
	return {
		n,
		code: `KK-${30_000 + n}`,
		bot: n % 3 !== 1,
		button: n % 4 === 3,
		transfer: n % 5 === 2,
		release: n % 7 === 4,
		closed: false,
	};
}

async function play(t, s) {
	const b = await browser(t);
	const plots = Array.from({ length: customers * each }, (_, n) => plot(n));
	const byCode = (text) => plots.find((p) => text.includes(p.code));
	const random = seeded(20_261_122);
	const pages = [];
	let failed = false;
	const told = { cuts: 0, reloads: 0, kills: 0, again: 0, transfers: 0, released: 0 };

	/** Runs act while the customer's line is cut for a moment, or not. */
	const weather = async (door, act) => {
		if (random() > 0.3) return act();
		told.cuts++;
		door.wire.cut();
		await act();
		await new Promise((r) => setTimeout(r, 300 + random() * 2000));
		door.wire.mend();
	};

	/** Goes to the shop and opens the widget; who finds it dead, because the server is, comes again. */
	const arrive = async (page, widget, door) => {
		for (let tries = 1; ; tries++) {
			await page.goto(door.shop);
			try {
				return await widget.open();
			} catch (err) {
				if (tries === 3) throw err;
				told.again++;
			}
		}
	};

	const customer = async (i) => {
		const door = s.doors[i];
		const page = await newPage(b);
		pages.push(page);
		const widget = new Widget(page);
		for (let k = 0; k < each; k++) {
			const p = plots[i * each + k];
			await arrive(page, widget, door);
			// Who writes before the window knows that the last chat is over writes in that one.
			await widget.frame.locator('.hero').waitFor();
			if (p.bot) {
				const [question, title] = asked[p.n % asked.length];
				assert.match((await widget.ask(question, patience)).join('\n'), title);
			}
			if (p.button) {
				await widget.say(`It is about ${p.code}.`);
				await widget.sees(`It is about ${p.code}.`);
				await widget.askForPerson(); // unless the bot hands over by itself
			} else {
				await weather(door, () => widget.say(`Tracking says ${p.code} was delivered on Friday, but there is no parcel. I asked the neighbours.`));
			}
			for (let round = 1; round <= (p.release ? 2 : 1); round++) {
				await widget.sees(`Hello, round ${round} of ${p.code}.`, turn);
				await weather(door, () => widget.say(`Thanks, round ${round} of ${p.code}.`));
				if (random() < 0.3) {
					told.reloads++;
					await arrive(page, widget, door);
				}
				await widget.sees(`Noted, round ${round} of ${p.code}.`, turn);
				if (p.release && round === 1) await widget.askForPerson(await widget.joined());
			}
			await until(`the end of ${p.code}`, () => widget.ended(), patience);
			p.customer = await widget.list();
		}
	};

	/** The first that fails ends the shift for all. */
	const orEnd = (work) => work.catch((err) => {
		failed = true;
		throw err;
	});

	const agent = async (i) => {
		const page = await newPage(b);
		pages.push(page);
		const desk = new Console(page, s.nodes[i % s.nodes.length].address);
		if (i === 0) await desk.setUp(s.setupLink(s.nodes[0]), agents[0]);
		else await desk.signIn(agents[i]);
		return desk;
	};

	/** Works until everything is closed: what was handed to her first, then the queue. */
	const work = async (i, desk) => {
		const other = agents[1 - i].name;
		while (!failed && plots.some((p) => !p.closed)) {
			if (!(await desk.next())) {
				await new Promise((r) => setTimeout(r, 200));
				continue;
			}
			await desk.unfold();
			const p = await until('its number', async () => byCode(await desk.log().innerText()), 5000).catch(() => null);
			if (!p) continue; // its customer has asked the bot so far
			if (!(await desk.tryTake())) continue;
			p.round ??= 1;
			const line = `of ${p.code}.`;
			if (!p.greeted) {
				await desk.reply(`Hello, round ${p.round} ${line}`);
				p.greeted = true;
			}
			await desk.sees(`Thanks, round ${p.round} ${line}`);
			if (p.transfer && !p.transferred) {
				p.transferred = true;
				told.transfers++;
				await desk.transfer(other, `Please see to ${p.code}.`);
				continue;
			}
			if (random() < 0.2) {
				told.reloads++;
				await until('the page again', async () => { // again, where the server is just gone
					await desk.page.reload();
					await desk.log().waitFor({ timeout: 5000 });
					return true;
				}, patience);
			}
			await desk.reply(`Noted, round ${p.round} ${line}`);
			await desk.sees(`Noted, round ${p.round} ${line}`);
			if (p.release && p.round === 1) {
				p.round = 2;
				p.greeted = false;
				told.released++;
				await desk.release();
				continue;
			}
			p.id = desk.id();
			await desk.close();
			p.closed = true;
		}
	};

	const first = await agent(0);
	const made = await first.page.evaluate(async (u) => (await fetch('/api/v1/users', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(u) })).status, agents[1]);
	assert.ok(made < 300, `the second agent is made: ${made}`);
	const desks = [first, await agent(1)];

	await t.test(`${plots.length} conversations of ${customers} customers with ${agents.length} agents`, async () => {
		const disaster = async () => {
			await until('half the shift', () => failed || plots.filter((p) => p.closed).length >= plots.length / 2, 900_000);
			if (failed) return;
			const node = s.nodes.at(-1);
			told.kills++;
			await node.kill();
			await node.start();
		};
		await Promise.all([
			...desks.map((d, i) => orEnd(work(i, d))),
			...Array.from({ length: customers }, async (_, i) => {
				await new Promise((r) => setTimeout(r, i * 400));
				await orEnd(customer(i));
			}),
			disaster(),
		]);
		t.diagnostic(JSON.stringify(told));
	});

	if (failed) return;
	await t.test('every customer has the list that the agents have', async () => {
		for (const p of plots) {
			await first.open(p.id);
			assert.deepEqual(p.customer, await first.list(), p.code);
			const seqs = (await first.entries()).map((e) => e.seq);
			assert.deepEqual(seqs, seqs.map((_, i) => i + 1), `${p.code}: numbers without gaps`);
		}
	});

	await t.test('everybody was told how long it takes, no promise is open, nobody was forgotten', async () => {
		for (const p of plots) {
			const entries = await first.entriesOf(p.id);
			const queued = entries.filter((e) => e.change?.to === 'queue');
			assert.ok(queued.length > 0, `${p.code} was handed over`);
			const said = entries.filter((e) => e.notice && ['queued', 'offline'].includes(e.notice.kind));
			assert.ok(said.length >= queued.filter((e) => e.change.from === 'bot').length, `${p.code} was told`);
			assert.equal((await first.get(`conversations/${p.id}`)).promised ?? '', '', `${p.code} is promised nothing any more`);
		}
		const metrics = await (await fetch(s.nodes[0].metrics)).text();
		assert.match(metrics, /^frontdesk_orphans\S* 0$/m);
		for (const page of pages) assert.deepEqual(page.faults, []);
	});
}

test('on the embedded store', { timeout: 1_800_000, skip }, async (t) => play(t, await stage(t, 1, {}, customers)));

test('on Postgres, with two nodes and no bus', { timeout: 1_800_000, skip }, async (t) => {
	const url = await database(t);
	if (!url) return t.skip('FRONTDESK_TEST_DATABASE_URL is not set');
	await play(t, await stage(t, 2, { DATABASE_URL: url }, customers));
});
