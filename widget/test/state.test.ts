import { expect, test } from 'vitest';
import { derive } from '../src/ui/people/state';
import { ana, bot, customer, entry, moved, system } from './fixtures';

const question = entry(1, 'message', customer, { text: 'Where is it?' });
const answer = entry(2, 'message', bot, { text: 'Here.' });
const queued = entry(4, 'notice', system, { notice: { kind: 'queued', place: 2 } });
const closed = moved(7, 'agent', { status: 'closed', reason: 'closed' });

test('begins with the bot', () => {
	expect(derive([])).toMatchObject({ owner: 'bot', status: 'open', agent: '', closedSeq: 0 });
	expect(derive([question, answer])).toMatchObject({ owner: 'bot', mine: 1, lastFrom: 'bot' });
});

test('waits in the queue from the move on, and no longer when an agent has it', () => {
	const waiting = [question, answer, moved(3, 'queue'), queued];
	expect(derive(waiting)).toMatchObject({
		owner: 'queue',
		epoch: 3,
		notice: { place: 2 },
		queuedAt: '2026-11-21T10:03:00.000Z',
	});
	// A move within the queue (priority) is the same wait.
	expect(derive([...waiting, moved(5, 'queue')])).toMatchObject({ queuedAt: '2026-11-21T10:03:00.000Z' });
	expect(derive([...waiting, moved(5, 'agent', { name: 'Ana' })])).toMatchObject({
		owner: 'agent',
		agent: 'Ana',
		notice: undefined,
		queuedAt: '',
	});
});

test('an e-mail that was left or is known is kept', () => {
	const offline = entry(4, 'notice', system, {
		notice: { kind: 'offline', ask_email: true, promised: '2026-11-23T10:00:00Z' },
	});
	const asked = [question, answer, moved(3, 'queue'), offline];
	expect(derive(asked)).toMatchObject({ email: '', notice: { ask_email: true } });
	expect(derive([...asked, entry(5, 'contact', customer, { contact: { email: 'a@b.de' } })]).email).toBe('a@b.de');
	expect(derive([entry(1, 'notice', system, { notice: { kind: 'offline', email: 'c@d.de' } })]).email).toBe('c@d.de');
});

test('an end can be rated, and a new message opens it again', () => {
	const log = [
		question,
		answer,
		moved(3, 'queue'),
		queued,
		moved(5, 'agent', { name: 'Ana' }),
		entry(6, 'message', ana),
		closed,
	];
	expect(derive(log)).toMatchObject({ status: 'closed', closedSeq: 7, rated: 0, agent: 'Ana' });
	const rated = [...log, entry(8, 'rating', customer, { rating: { score: 5 } })];
	expect(derive(rated)).toMatchObject({ status: 'closed', rated: 8 });
	expect(derive([...rated, moved(9, 'bot', { reason: 'reopened' })])).toMatchObject({
		owner: 'bot',
		status: 'open',
		closedSeq: 0,
		rated: 0,
	});
});

test('does not change what it is given', () => {
	const log = [question, moved(2, 'queue'), queued];
	const before = JSON.stringify(log);
	const first = derive(log);
	expect(derive(log)).toBe(first);
	expect(JSON.stringify(log)).toBe(before);
});
