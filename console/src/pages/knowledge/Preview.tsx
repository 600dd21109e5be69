import { useEffect, useState } from 'react';
import { isAbort, problemOf } from '../../api';
import { useDesk } from '../../context';
import type { Block } from '../../protocol';
import { t } from '../../text';
import { Blocks } from '../../ui/Blocks';
import { Notice } from '../../ui/parts';

// A pause in typing.
const renderAfter = 250;

/** The article as customers will see it, made by the server's own renderer. */
export function Preview({ title, body }: { title: string; body: string }) {
	const desk = useDesk();
	const [blocks, setBlocks] = useState<Block[] | null>(null);
	const [problem, setProblem] = useState<string>();
	useEffect(() => {
		const abort = new AbortController();
		const timer = setTimeout(async () => {
			try {
				const preview = await desk.api.preview(body, abort.signal);
				setBlocks(preview.blocks ?? []);
				setProblem(undefined);
			} catch (thrown) {
				if (!isAbort(thrown)) setProblem(problemOf(thrown).message);
			}
		}, renderAfter);
		return () => {
			clearTimeout(timer);
			abort.abort();
		};
	}, [desk, body]);
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
		<section className="preview-pane" aria-label={t('pane.preview')} tabIndex={0}>
			{problem && <Notice tone="bad">{problem}</Notice>}
			<article className="paper prose" dir="auto">
				<h2 className="paper-title">{title || t('article.titlePlaceholder')}</h2>
				{blocks?.length === 0 ? (
					<p className="quiet">{t('article.emptyPreview')}</p>
				) : (
					<Blocks blocks={blocks} under={1} />
				)}
			</article>
		</section>
	);
}
