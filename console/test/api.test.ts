import { describe, expect, it, vi } from 'vitest';
import { Api, Problem, problemOf } from '../src/api';

type Answer = Response | Error;

function setup(...answers: Answer[]) {
	const calls: [string, RequestInit][] = [];
	const api = new Api(async (url, init) => {
		calls.push([String(url), init ?? {}]);
		const answer = answers.shift() ?? new Response('{}');
		if (answer instanceof Error) throw answer;
		return answer;
	});
	return { api, calls };
}
const problem = (status: number, body: unknown, headers: Record<string, string> = {}) =>
	new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/problem+json', ...headers } });
const failure = (promise: Promise<unknown>) => promise.then(() => undefined, problemOf);

describe('Api', () => {
	it('sends JSON and leaves empty values out of the query', async () => {
		const { api, calls } = setup();
		await api.login({ email: 'a@b', password: 'x' });
		await api.articles({ q: 'ä b', status: '', visibility: 'internal' }, 50);
		expect(calls[0]?.[0]).toBe('/api/v1/login');
		expect(calls[0]?.[1]).toMatchObject({ method: 'POST', body: '{"email":"a@b","password":"x"}' });
		expect(calls[1]?.[0]).toBe('/api/v1/articles?q=%C3%A4+b&visibility=internal&limit=50');
	});

	it('sends files as a form, so that the browser names the boundary', async () => {
		const { api, calls } = setup();
		await api.importFiles([new File(['# a'], 'a.md')]);
		const init = calls[0]?.[1];
		expect(init?.headers).toBeUndefined();
		expect((calls[0]?.[1].body as FormData | undefined)?.getAll('files')).toHaveLength(1);
	});

	it.each([
		[
			{ title: 'Conflict', detail: 'Another agent has this conversation.', code: 'conflict' },
			'Another agent has this conversation.',
		],
		[{ title: 'Conflict', code: 'stale' }, 'Conflict'],
	])('says what the server said', async (body, words) => {
		const { api } = setup(problem(409, body));
		expect(await failure(api.move('c', 'claim', { epoch: 1 }))).toMatchObject({
			message: words,
			status: 409,
			code: body.code,
		});
	});

	it('has words for an answer without any', async () => {
		const { api } = setup(new Response('<html>Bad gateway', { status: 502 }));
		expect(await failure(api.me())).toMatchObject({ status: 502, code: 'unavailable', passing: true });
	});

	it('reads how long to wait', async () => {
		const { api } = setup(problem(429, { detail: 'Too many.', code: 'rate_limited' }, { 'Retry-After': '10' }));
		expect(await failure(api.me())).toMatchObject({ retryAfter: 10_000, passing: true });
	});

	it('tells a missing connection from a refusal', async () => {
		const { api } = setup(new TypeError('failed to fetch'), problem(403, { detail: 'No.', code: 'forbidden' }));
		expect(await failure(api.me())).toMatchObject({ status: 0, code: 'unavailable', passing: true });
		expect(await failure(api.me())).toMatchObject({ status: 403, passing: false });
	});

	it('says once that the session has ended, but not for a wrong password', async () => {
		const { api } = setup(problem(401, { detail: 'Sign in.' }), problem(401, { detail: 'They do not match.' }));
		api.onSignedOut = vi.fn();
		await failure(api.users());
		await failure(api.login({ email: 'a@b', password: 'x' }));
		expect(api.onSignedOut).toHaveBeenCalledTimes(1);
	});

	it('takes an empty answer for none', async () => {
		const { api } = setup(new Response(null, { status: 204 }), new Response(''));
		expect(await api.logout()).toBeUndefined();
		expect(await api.logout()).toBeUndefined();
	});

	it('does not take a page for an answer', async () => {
		const { api } = setup(new Response('<!doctype html>'));
		expect(await failure(api.me())).toMatchObject({ code: 'internal', passing: false });
	});

	it('an own mistake is not worth trying again', () => {
		expect(problemOf(new TypeError('x is undefined')).passing).toBe(false);
		expect(problemOf(new Problem('a', 404, 'not_found')).message).toBe('a');
	});
});
