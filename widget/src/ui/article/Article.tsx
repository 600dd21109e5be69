// An article, read inside the widget. A source is shown as it was cited, the cited places marked and in view.

import { Refused } from '../../core/connection';
import type { ArticleView, Owner } from '../../protocol';
import { format } from '../../text/time';
import { fill, t } from '../../text/words';
import type { Source } from '../App';
import { Blocks } from '../Blocks';
import { after, draw, stateOf } from '../draw';
import { Icon } from '../Icon';
import { Close, PersonButton, type Shell } from '../parts';
import { adopt } from '../sheet';
import css from './article.css?inline';
import { getArticle } from './get';

adopt(css);

const back = 'M16 10H4M9 5l-5 5 5 5';
const out =
	'M8 5H4.7A1.2 1.2 0 0 0 3.5 6.2v9.1a1.2 1.2 0 0 0 1.2 1.2h9.1a1.2 1.2 0 0 0 1.2-1.2V12M11.5 3.5h5v5M16.2 3.8 9.5 10.5';

/** One opening of an article. */
interface Reading {
	article?: ArticleView;
	/** Why it is not here. */
	wrong?: string;
	/** There is none: to ask again is no use. */
	none?: boolean;
	asked: boolean;
	shown: boolean;
	/** Who had the conversation when it was opened. */
	owner?: Owner;
}

const readingOf = stateOf((): Reading => ({ asked: false, shown: false }));

export function Article({ shell, source }: { shell: Shell; source: Source }) {
	const { cited, of } = source;
	const reading = readingOf(source);
	const { owner, atBot } = shell.client.state;
	reading.owner ??= owner;
	const load = () => {
		reading.asked = true;
		reading.wrong = '';
		getArticle(shell.inbox, cited)
			.then(
				(a) => {
					reading.article = a;
				},
				(e) => {
					reading.none = e instanceof Refused;
					reading.wrong = reading.none ? t.articleNone : t.articleGone;
				},
			)
			.then(draw);
	};
	if (!reading.asked) {
		load();
		after(() => document.querySelector<HTMLElement>('.art h1')?.focus({ preventScroll: true }));
	}
	// What changes goes on in the chat, not beside the article.
	if (owner !== reading.owner) after(shell.back);
	const { article, wrong, none } = reading;
	if (article && !reading.shown) {
		reading.shown = true;
		after(reveal);
	}
	const url = article?.url || cited.url;
	return (
		<div class="view">
			<header class="wh back">
				<button type="button" class="icon" aria-label={t.back} onclick={shell.back}>
					<Icon d={back} />
				</button>
				<p class="nm">
					<b>{t.article}</b>
					<small>{'n' in cited ? fill(t.sourceOf, { n: cited.n, of }) : t.meanwhile}</small>
				</p>
				{url && /^https?:/i.test(url) && (
					<a class="icon" href={url} target="_blank" rel="noopener noreferrer" aria-label={t.openPage}>
						<Icon d={out} />
					</a>
				)}
				<Close shell={shell} />
			</header>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
			<main class="scroll" tabIndex={0}>
				<article class="page art" dir="auto">
					<h1 tabIndex={-1}>{article?.title ?? cited.title}</h1>
					{article && <p class="meta">{facts(article)}</p>}
					{article && (
						<div class="page">
							<Blocks blocks={article.blocks ?? []} />
						</div>
					)}
					{!article && !wrong && <p class="skeleton" />}
					{wrong && (
						<div role="alert">
							<p>{wrong}</p>
							{!none && (
								<button
									type="button"
									class="btn"
									onclick={() => {
										load();
										draw();
									}}
								>
									{t.tryAgain}
								</button>
							)}
						</div>
					)}
				</article>
			</main>
			{atBot && (
				<footer class="foots">
					<PersonButton client={shell.client} />
				</footer>
			)}
		</div>
	);
}

/** "Grinders · updated 3 November 2026 · 2 min" */
function facts(a: ArticleView): string {
	const date = format(a.updated_at, { day: 'numeric', month: 'long', year: 'numeric' });
	return [...(a.tags ?? []).slice(0, 1), fill(t.updated, { date }), fill(t.minutes, { n: a.minutes })].join(' · ');
}

/** Brings the first marked place into view, if it is not. */
function reveal(): void {
	const mark = document.querySelector('.art :is(mark, .mark)');
	const view = mark?.closest('.scroll');
	if (mark && view && mark.getBoundingClientRect().bottom > view.getBoundingClientRect().bottom)
		mark.scrollIntoView({ block: 'center' });
}
