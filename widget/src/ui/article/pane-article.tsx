// An article, read inside the widget. A source is shown as it was cited, the cited places marked and in view.

import { useEffect, useRef, useState } from 'preact/hooks';
import { getArticle } from '../../core/article';
import { derive } from '../../core/state';
import type { ArticleView, Citation, Related } from '../../protocol';
import * as text from '../../text/article';
import { Blocks } from '../chat/Blocks';
import { PersonButton } from '../chat/Header';
import { back as backIcon, out } from '../chat/icons';
import { Icon } from '../Icon';
import { Close, type Shell } from '../parts';

interface Props {
	shell: Shell;
	inbox: string;
	cited: Citation | Related;
	/** How many sources the answer has. */
	of: number;
	back: () => void;
}

export default function Article({ shell, inbox, cited, of, back }: Props) {
	const [wanted, setWanted] = useState({ inbox, cited });
	const [article, setArticle] = useState<ArticleView>();
	const [failed, setFailed] = useState(false);
	const title = useRef<HTMLHeadingElement>(null);

	useEffect(() => {
		let gone = false;
		setFailed(false);
		getArticle(wanted.inbox, wanted.cited).then(
			(a) => !gone && setArticle(a),
			() => !gone && setFailed(true),
		);
		return () => {
			gone = true;
		};
	}, [wanted]);

	useEffect(() => title.current?.focus({ preventScroll: true }), []);

	const { owner, status } = derive(shell.client.log.entries);
	const [before] = useState(owner);
	useEffect(() => {
		if (owner !== before) back(); // what changes goes on in the chat, not beside the article
	}, [owner, before, back]);

	const url = article?.url || cited.url;
	return (
		<div class="view">
			<header class="wh back">
				<button type="button" class="icon" aria-label={text.back} onClick={back}>
					<Icon d={backIcon} />
				</button>
				<p class="nm">
					<b>{text.article}</b>
					<small>{'n' in cited ? text.sourceOf(cited.n, of) : text.meanwhile}</small>
				</p>
				{url && /^https?:/i.test(url) && (
					<a class="icon" href={url} target="_blank" rel="noopener noreferrer" aria-label={text.openPage}>
						<Icon d={out} />
					</a>
				)}
				<Close shell={shell} />
			</header>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
			<main class="scroll" tabIndex={0}>
				<article class="page art" dir="auto">
					<h1 ref={title} tabIndex={-1}>
						{article?.title ?? cited.title}
					</h1>
					{article && (
						<>
							<p class="meta">{facts(article)}</p>
							<div class="page" ref={reveal}>
								<Blocks blocks={article.blocks ?? []} />
							</div>
						</>
					)}
					{!article && !failed && <p class="skeleton" />}
					{failed && (
						<div role="alert">
							<p>{text.articleGone}</p>
							<button type="button" class="btn" onClick={() => setWanted({ ...wanted })}>
								{text.tryAgain}
							</button>
						</div>
					)}
				</article>
			</main>
			{owner === 'bot' && status === 'open' && (
				<footer class="foots">
					<PersonButton client={shell.client} />
				</footer>
			)}
		</div>
	);
}

/** "Grinders · updated 3 November 2026 · 2 min" */
function facts(a: ArticleView): string {
	return [...(a.tags ?? []).slice(0, 1), text.updated(a.updated_at), text.minutes(a.minutes)].join(' · ');
}

/** Brings the first marked place into view, if it is not. */
function reveal(body: HTMLElement | null): void {
	const mark = body?.querySelector('mark, .mark');
	const view = body?.closest('.scroll');
	if (mark && view && mark.getBoundingClientRect().bottom > view.getBoundingClientRect().bottom)
		mark.scrollIntoView({ block: 'center' });
}
