import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Api } from '../src/api';
import { Desk } from '../src/desk';
import type { Entry } from '../src/protocol';
import { random } from './make';
import { FakeServer } from './server';

beforeEach(() => {
	vi.useFakeTimers();
	localStorage.clear();
});
afterEach(() => void vi.useRealTimers());

async function setup() {
	const server = new FakeServer();
	const desk = new Desk(new Api(server.fetch), server.open);
	await desk.begin();
	await vi.advanceTimersByTimeAsync(10);
	const shown = () => {
		const thread = desk.threads.get().c1;
		return { log: thread?.log ?? [], staff: thread?.staff ?? [], pending: thread?.pending ?? [] };
	};
	return { server, desk, shown };
}
const texts = (entries: Entry[]) => entries.map((e) => e.text);

describe('a followed conversation', () => {
	it('has what was there before, then what comes', async () => {
		const { server, desk, shown } = await setup();
		server.say('one');
		server.say('a note', 'staff');
		desk.openThread('c1');
		await vi.advanceTimersByTimeAsync(10);
		server.say('two');
		await vi.advanceTimersByTimeAsync(10);
		expect(texts(shown().log)).toEqual(['one', 'two']);
		expect(texts(shown().staff)).toEqual(['a note']);
	});

	it('is subscribed from the last number of each log', async () => {
		const { server, desk } = await setup();
		server.say('one');
		server.say('two');
		server.say('a note', 'staff');
		desk.openThread('c1');
		await vi.advanceTimersByTimeAsync(10);
		server.cut();
		await vi.advanceTimersByTimeAsync(31_000);
		const subscribes = server.frames.filter((f) => f.t === 'subscribe').map((f) => f.d);
		expect(subscribes).toEqual([
			{ conversation: 'c1', after: 2, staff_after: 1 },
			{ conversation: 'c1', after: 2, staff_after: 1 },
		]);
	});

	it('is closed after what was said in it, however long that takes', async () => {
		const { server, desk } = await setup();
		desk.openThread('c1');
		await vi.advanceTimersByTimeAsync(10);
		server.slow = 2_000;
		desk.send('c1', 'Goodbye', false);
		void desk.move('c1', 'close');
		await vi.advanceTimersByTimeAsync(5_000);
		expect(server.done).toEqual(['reply', 'close']);
	});

	it('is loaded in pages when it is long', async () => {
		const { server, desk, shown } = await setup();
		for (let i = 0; i < 450; i++) server.say(`entry ${i}`);
		desk.openThread('c1');
		await vi.advanceTimersByTimeAsync(10);
		expect(shown().log).toHaveLength(450);
	});

	it('asks again when a frame has got lost', async () => {
		const { server, desk, shown } = await setup();
		desk.openThread('c1');
		await vi.advanceTimersByTimeAsync(10);
		server.loseFrame = () => true;
		server.say('lost');
		server.loseFrame = () => false;
		server.say('found');
		await vi.advanceTimersByTimeAsync(20);
		expect(texts(shown().log)).toEqual(['lost', 'found']);
	});

	it.each([1, 2, 3, 4, 5, 6, 7, 8])(
		'equals the server’s after random cuts, lost answers and lost frames (seed %i)',
		async (seed) => {
			const { server, desk, shown } = await setup();
			const chance = random(seed);
			server.loseAnswer = () => chance() < 0.3;
			server.loseFrame = () => chance() < 0.1;
			desk.openThread('c1');
			await vi.advanceTimersByTimeAsync(10);
			const mine: string[] = [];
			for (let i = 0; i < 120; i++) {
				const dice = chance();
				if (dice < 0.35) server.say(`customer ${i}`);
				else if (dice < 0.45) server.say(`colleague’s note ${i}`, 'staff');
				else if (dice < 0.75) {
					mine.push(`mine ${i}`);
					desk.send('c1', `mine ${i}`, dice > 0.7);
				} else if (dice < 0.85) server.cut();
				else if (dice < 0.9) desk.openThread(chance() < 0.5 ? '' : 'c1');
				await vi.advanceTimersByTimeAsync(Math.floor(chance() * 400));
			}
			server.loseAnswer = server.loseFrame = () => false;
			desk.openThread('c1');
			server.cut();
			await vi.advanceTimersByTimeAsync(120_000);

			expect(shown().log).toEqual(server.log);
			expect(shown().staff).toEqual(server.staff);
			expect(shown().pending).toEqual([]);
			const stored = [...texts(server.log), ...texts(server.staff)].filter((text) => text?.startsWith('mine'));
			expect(stored.sort()).toEqual(mine.sort());
		},
	);
});

describe('presence', () => {
	it('is told every 25 s while the agent is there, and at once after a reconnect', async () => {
		const { server } = await setup();
		const told = () => server.frames.filter((f) => f.t === 'presence').length;
		const before = told();
		await vi.advanceTimersByTimeAsync(50_000);
		expect(told()).toBe(before + 2);
		server.cut();
		await vi.advanceTimersByTimeAsync(1_000);
		expect(told()).toBe(before + 3);
	});

	it('is remembered', async () => {
		const first = await setup();
		await first.desk.setPresence('away');
		const second = await setup();
		expect(second.desk.myPresence.get()).toBe('away');
		expect(second.server.frames[0]).toEqual({ t: 'presence', d: { state: 'away' } });
	});
});

describe('typing', () => {
	it('is sent at most every 3 s', async () => {
		const { server, desk } = await setup();
		desk.openThread('c1');
		await vi.advanceTimersByTimeAsync(10);
		for (let i = 0; i < 40; i++) {
			desk.typing('c1');
			await vi.advanceTimersByTimeAsync(100);
		}
		expect(server.frames.filter((f) => f.t === 'typing')).toHaveLength(2);
	});
});

describe('the session', () => {
	it('leaves nothing of the work in the browser after a sign-out', async () => {
		const { desk } = await setup();
		localStorage.setItem('frontdesk.draft.c1', '{"text":"secret"}');
		localStorage.setItem('frontdesk.screen.theme', '"dark"');
		desk.api.logout = async () => undefined;
		await desk.signOut();
		expect(Object.keys(localStorage)).toEqual(['frontdesk.screen.theme']);
		expect(desk.session.get()).toEqual({ phase: 'signin', ended: false });
		expect(desk.threads.get()).toEqual({});
	});

	it('that ends by itself says so', async () => {
		const { desk } = await setup();
		desk.api.onSignedOut();
		expect(desk.session.get()).toEqual({ phase: 'signin', ended: true });
	});
});
