// A source, read inside the widget: the article as it was cited, the cited places marked and in view.

import { useEffect, useRef, useState } from 'preact/hooks';
import { getArticle } from '../core/api';
import type { ArticleView, Citation } from '../protocol';
import { text } from '../text';
import { Blocks } from './Blocks';
import { Close, PersonButton, type Shell } from './Header';
import { Icon } from './Icon';

export interface ArticleProps {
	shell: Shell;
	inbox: string;
	cited: Citation;
	of: number;
	back: () => void;
}

export default function Article({ shell, inbox, cited, of, back }: ArticleProps) {
	const [article, setArticle] = useState<ArticleView>();
	const [failed, setFailed] = useState(false);
	const [tries, setTries] = useState(0);
	const page = useRef<HTMLElement>(null);
	const title = useRef<HTMLHeadingElement>(null);

	useEffect(() => {
		let gone = false;
		setFailed(false);
		getArticle(inbox, cited).then(
			(a) => !gone && setArticle(a),
			() => !gone && setFailed(true),
		);
		return () => {
			gone = true;
		};
	}, [inbox, cited, tries]);

	useEffect(() => {
		title.current?.focus({ preventScroll: true });
	}, []);
	useEffect(() => {
		if (article) page.current?.querySelector('mark, .mark')?.scrollIntoView({ block: 'center' });
	}, [article]);

	const url = article?.url || cited.url;
	const { owner, status } = shell.client.state;
	return (
		<div class="view">
			<header class="wh back">
				<button type="button" class="icon" aria-label={text.back} onClick={back}><Icon name="back" /></button>
				<p class="nm"><b>{text.article}</b><small>{text.sourceOf(cited.n, of)}</small></p>
				{url && /^https?:/i.test(url) && (
					<a class="icon" href={url} target="_blank" rel="noopener noreferrer" aria-label={text.openPage}><Icon name="out" /></a>
				)}
				<Close shell={shell} />
			</header>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
			<main class="scroll" ref={page} tabIndex={0}>
				<article class="page art" dir="auto">
					<h1 ref={title} tabIndex={-1}>{article?.title ?? cited.title}</h1>
					{article && <p class="meta">{[...(article.tags ?? []).slice(0, 1), text.updated(article.updated_at), text.minutes(article.minutes)].join(' · ')}</p>}
					{article ? <Blocks blocks={article.blocks ?? []} /> : !failed && <p class="skeleton" />}
					{failed && (
						<div role="alert">
							<p>{text.articleGone}</p>
							<button type="button" class="btn" onClick={() => setTries(tries + 1)}>{text.tryAgain}</button>
						</div>
					)}
				</article>
			</main>
			{owner === 'bot' && status === 'open' && (
				<footer class="foots"><PersonButton client={shell.client} /></footer>
			)}
		</div>
	);
}
