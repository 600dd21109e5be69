import { describe, expect, it, vi } from 'vitest';
import { Details } from '../src/pages/knowledge/Details';
import { type ArticleForm, emptyForm, mostQuestions } from '../src/state/article';
import { render } from './render';

/** The field of customers' questions, with the words under it. */
async function field(form: Partial<ArticleForm>, readOnly = false) {
	const box = await render(
		<Details
			article={null}
			form={{ ...emptyForm, ...form }}
			onChange={vi.fn()}
			readOnly={readOnly}
			onArchive={vi.fn()}
		/>,
	);
	const area = box.querySelector('textarea');
	return { value: area?.value, hint: area?.closest('.field')?.querySelector('.hint')?.textContent ?? '' };
}

describe('what customers ask', () => {
	it('is one a line', async () => {
		expect(await field({ questions: 'Where is it?\nis it lost' })).toMatchObject({
			value: 'Where is it?\nis it lost',
			hint: expect.stringContaining('One question a line'),
		});
	});

	it('is asked for when an article is published without', async () => {
		const asks = /^How do customers ask for this\?/;
		expect((await field({ status: 'published' })).hint).toMatch(asks);
		expect((await field({ status: 'published', questions: ' \n' })).hint).toMatch(asks);
		expect((await field({ status: 'draft' })).hint).not.toMatch(asks);
		expect((await field({ status: 'published', questions: 'a' })).hint).not.toMatch(asks);
		expect((await field({ status: 'published' }, true)).hint).not.toMatch(asks);
	});

	it('has a most', async () => {
		const questions = (n: number) => Array.from({ length: n }, (_, i) => `q${i}`).join('\n');
		expect((await field({ questions: questions(mostQuestions) })).hint).toContain('One question a line');
		expect((await field({ questions: questions(mostQuestions + 1) })).hint).toMatch(/^101 questions/);
	});
});
