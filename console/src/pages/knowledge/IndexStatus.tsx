import { useEffect, useState } from 'react';
import { useDesk } from '../../context';
import { count } from '../../format';
import type { KnowledgeStatus } from '../../protocol';
import { useStore } from '../../state/store';
import { t, tn } from '../../text';

// While vectors are being made the line counts down.
const askEvery = 2_000;

/** How much of the knowledge can be found, and how. */
export function IndexStatus() {
	const desk = useDesk();
	const version = useStore(desk.knowledge);
	const [status, setStatus] = useState<KnowledgeStatus | null>(null);
	const [turn, setTurn] = useState(0);

	// biome-ignore lint/correctness/useExhaustiveDependencies: version and turn are reasons to ask again.
	useEffect(() => {
		let over = false;
		let timer: ReturnType<typeof setTimeout> | undefined;
		desk.api
			.knowledgeStatus()
			.then((next) => {
				if (over) return;
				setStatus(next);
				if (next.pending > 0) timer = setTimeout(() => setTurn((n) => n + 1), askEvery);
			})
			// The line is a help, not a need: without it the page is whole.
			.catch(() => undefined);
		return () => {
			over = true;
			clearTimeout(timer);
		};
	}, [desk, version, turn]);

	return (
		<p className="index-status" role="status">
			{status && statusWords(status)}
		</p>
	);
}

export function statusWords({ articles, chunks, pending }: KnowledgeStatus): string {
	if (articles === 0) return t('index.none');
	const what = `${tn('index.articles', articles, { n: count(articles) })}, ${tn('index.passages', chunks, { n: count(chunks) })}`;
	if (pending === 0) return t('index.all', { what });
	return t('index.pending', { pending: count(pending), chunks: count(chunks) });
}
