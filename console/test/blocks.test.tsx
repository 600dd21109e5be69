import { describe, expect, it } from 'vitest';
import type { Block } from '../src/protocol';
import { Blocks } from '../src/ui/Blocks';
import { render } from './render';

const text = (words: string): Block => ({ t: 'text', text: words });
const draw = async (...blocks: Block[]) => (await render(<Blocks blocks={blocks} under={2} />)).innerHTML;

describe('Blocks', () => {
	it.each<[string, Block, string]>([
		['a paragraph', { t: 'p', kids: [text('a'), { t: 'strong', kids: [text('b')] }] }, '<p>a<strong>b</strong></p>'],
		[
			'a title, of strong words alone',
			{ t: 'p', kids: [{ t: 'strong', kids: [text('a')] }] },
			'<p class="title"><strong>a</strong></p>',
		],
		['a heading, below the page’s own', { t: 'h', n: 2, kids: [text('a')] }, '<h4 data-level="2">a</h4>'],
		['a deep heading', { t: 'h', n: 6, kids: [text('a')] }, '<h6 data-level="6">a</h6>'],
		[
			'steps from their number',
			{ t: 'ol', n: 3, kids: [{ t: 'li', kids: [text('a')] }] },
			'<ol start="3"><li>a</li></ol>',
		],
		['a list', { t: 'ul', kids: [{ t: 'li', kids: [text('a')] }] }, '<ul><li>a</li></ul>'],
		['a quotation', { t: 'quote', kids: [text('a')] }, '<blockquote>a</blockquote>'],
		['a note', { t: 'note', kids: [text('a')] }, '<div class="callout" role="note">a</div>'],
		['code', { t: 'pre', text: '<b>' }, '<pre><code>&lt;b&gt;</code></pre>'],
		[
			'words as they are',
			{ t: 'p', kids: [text('<img src=x onerror=alert(1)>')] },
			'<p>&lt;img src=x onerror=alert(1)&gt;</p>',
		],
		['a citation', { t: 'cite', n: 2 }, '<span class="cite">2</span>'],
		['a marked passage', { t: 'mark', kids: [text('a')] }, '<mark>a</mark>'],
		['a break', { t: 'br' }, '<br>'],
	])('draws %s', async (_, block, want) => {
		expect(await draw(block)).toBe(want);
	});

	it('draws rows of heads as the table’s head', async () => {
		const row = (t: string, align = '') => ({ t: 'tr', kids: [{ t, align, kids: [text('x')] }] });
		const html = await draw({ t: 'table', kids: [row('th', 'right'), row('td', 'right')] });
		expect(html).toBe(
			'<div class="table-box"><table><thead><tr><th scope="col" data-align="right">x</th></tr></thead>' +
				'<tbody><tr><td data-align="right">x</td></tr></tbody></table></div>',
		);
	});

	it.each(['https://a.example', 'http://a.example', 'mailto:a@b.example', 'tel:+49'])('links to %s', async (href) => {
		const box = await render(<Blocks blocks={[{ t: 'link', href, kids: [text('a')] }]} />);
		expect(box.querySelector('a')?.getAttribute('href')).toBe(href);
		expect(box.querySelector('a')?.getAttribute('rel')).toBe('noopener noreferrer');
	});

	it.each(['javascript:alert(1)', 'data:text/html,x', '/local', ' https://a', undefined])(
		'draws only the words of a link to %s',
		async (href) => {
			expect(await draw({ t: 'link', href, kids: [text('a')] })).toBe('a');
		},
	);

	it('draws a type of tomorrow as its words', async () => {
		expect(await draw({ t: 'video', text: 'a', kids: [text('b')] })).toBe('ab');
	});

	it('draws nothing of nothing', async () => {
		expect((await render(<Blocks blocks={null} />)).innerHTML).toBe('');
	});
});
