import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Block } from '../src/protocol';
import { Blocks, drawable } from '../src/ui/Blocks';
import { render } from './drawn';

const t = (text: string): Block => ({ t: 'text', text });
const cell = (kind: 'th' | 'td', text: string, align = ''): Block => ({ t: kind, align, kids: [t(text)] });
let root: HTMLElement;

// Tables and their like are a part of their own.
beforeAll(() => vi.waitUntil(() => drawable([{ t: 'table' }])));

beforeEach(() => {
	root = document.createElement('div');
	document.body.replaceChildren(root);
});

function html(...blocks: Block[]): string {
	render(() => <Blocks blocks={blocks} />, root);
	return root.firstElementChild?.innerHTML ?? '';
}

test.each<[Block, string]>([
	[{ t: 'p', kids: [t('a'), { t: 'br' }, t('b')] }, '<p>a<br>b</p>'],
	[{ t: 'quote', kids: [t('a')] }, '<blockquote>a</blockquote>'],
	[{ t: 'ul', kids: [{ t: 'li', kids: [t('a')] }] }, '<ul><li>a</li></ul>'],
	[{ t: 'ol', n: 3, kids: [{ t: 'li', kids: [t('a')] }] }, '<ol start="3"><li>a</li></ol>'],
	[{ t: 'note', kids: [t('a')] }, '<div class="note">a</div>'],
	[{ t: 'h', n: 1, kids: [t('a')] }, '<h2>a</h2>'],
	[{ t: 'h', n: 6, kids: [t('a')] }, '<h6>a</h6>'],
	[{ t: 'pre', text: '<b>\n' }, '<pre>&lt;b&gt;\n</pre>'],
	[{ t: 'code', text: 'x' }, '<code>x</code>'],
	[{ t: 'hr' }, '<hr>'],
	[
		{
			t: 'p',
			kids: [
				{ t: 'strong', kids: [t('a')] },
				{ t: 'em', kids: [t('b')] },
				{ t: 'del', kids: [t('c')] },
				{ t: 'mark', kids: [t('d')] },
			],
		},
		'<p><strong>a</strong><em>b</em><del>c</del><mark>d</mark></p>',
	],
	[{ t: 'p', kids: [{ t: 'strong', kids: [t('a')] }] }, '<p class="title"><strong>a</strong></p>'],
	[{ t: 'mark', kids: [{ t: 'pre', text: 'x' }] }, '<div class="mark"><pre>x</pre></div>'],
	[{ t: 'of a later version', kids: [t('a')] }, 'a'],
	[{ t: 'p' }, '<p></p>'],
])('%o', (block, want) => {
	expect(html(block)).toBe(want);
});

test('text is never markup', () => {
	html({ t: 'p', kids: [t('<img src=x onerror=alert(1)>')] });
	expect(root.querySelector('img')).toBeNull();
	expect(root.textContent).toBe('<img src=x onerror=alert(1)>');
});

test.each(['https://a.example/', 'http://a.example/', 'mailto:a@b.de', 'tel:+49'])(
	'a link to %s opens apart',
	(href) => {
		html({ t: 'link', href, kids: [t('go')] });
		const a = root.querySelector('a');
		expect(a?.getAttribute('href')).toBe(href);
		expect(a?.rel).toBe('noreferrer');
		expect(a?.target).toBe('_blank');
	},
);

test.each([
	'javascript:alert(1)',
	' javascript:alert(1)',
	'JaVaScRiPt:x',
	'data:text/html,x',
	'/relative',
	'//a.example',
	'',
	undefined,
])('an address like %s is words only', (href) => {
	html({ t: 'link', ...(href === undefined ? {} : { href }), kids: [t('go')] });
	expect(root.querySelector('a')).toBeNull();
	expect(root.textContent).toBe('go');
});

test('a citation opens its source', () => {
	const cite = vi.fn();
	render(() => <Blocks blocks={[{ t: 'p', kids: [t('Yes. '), { t: 'cite', n: 2 }] }]} cite={cite} />, root);
	const button = root.querySelector('button');
	expect(button?.getAttribute('aria-label')).toBe('Source 2');
	button?.click();
	expect(cite).toHaveBeenCalledWith(2, button);
});

test('a table up to four columns wide has headings and aligned cells', () => {
	html({
		t: 'table',
		kids: [
			{ t: 'tr', kids: [cell('th', 'To'), cell('th', 'Cost', 'right')] },
			{ t: 'tr', kids: [cell('td', 'Austria'), cell('td', '6.90 €', 'right')] },
		],
	});
	expect(root.querySelectorAll('thead th[scope=col]')).toHaveLength(2);
	expect(root.querySelector('tbody td.right')?.textContent).toBe('6.90 €');
});

test('a wider one becomes labels and values', () => {
	const heads = ['To', 'Cost', 'Free from', 'Days', 'Carrier'];
	html({
		t: 'table',
		kids: [
			{ t: 'tr', kids: heads.map((h) => cell('th', h)) },
			{ t: 'tr', kids: ['Austria', '6.90 €', '90 €', '2–3', 'Post'].map((v) => cell('td', v)) },
		],
	});
	expect(root.querySelector('table')).toBeNull();
	expect([...root.querySelectorAll('dt')].map((e) => e.textContent)).toEqual(heads);
	expect([...root.querySelectorAll('dd')].map((e) => e.textContent)[3]).toBe('2–3');
});
