import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { isAbort, problemOf } from '../../api';
import { useDesk } from '../../context';
import type { Article, Block } from '../../protocol';
import { citationOf, linkTo, mayQuote } from '../../state/talk';
import type { Thread } from '../../state/thread';
import { t } from '../../text';
import { Blocks } from '../../ui/Blocks';
import { Button, IconButton } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { Bone, Notice, Tag } from '../../ui/parts';

const searchAfter = 250;
const most = 8;

/** Articles beside the conversation: found by words and by meaning, looked at, and put into the reply. */
export function ArticlesPane({ thread }: { thread: Thread | undefined }) {
	const [words, setWords] = useState('');
	const [open, setOpen] = useState<Hit>();
	const field = useRef<HTMLInputElement>(null);
	useEffect(() => field.current?.focus(), []);
	const cited = useCited(thread);
	const { hits, problem, busy } = useHits(words, thread?.view?.locale ?? '');
	if (open) return <Shown hit={open} onBack={() => setOpen(undefined)} canInsert={thread !== undefined} />;
	const shown = words.trim() ? hits : cited;
	return (
		<div className="side-articles">
			<label className="side-search">
				<Icon name="search" />
				<input
					ref={field}
					className="input"
					type="search"
					dir="auto"
					aria-label={t('articles.find')}
					placeholder={t('articles.find')}
					value={words}
					onChange={(event) => setWords(event.target.value)}
				/>
			</label>
			{problem && <Notice tone="bad">{problem}</Notice>}
			{!words.trim() && cited.length > 0 && <p className="quiet">{t('articles.sideStart')}</p>}
			{shown === null && busy && <Bone width="70%" />}
			{shown?.length === 0 && words.trim() && !busy && <p className="quiet">{t('articles.sideNone')}</p>}
			<ul className="side-hits">
				{shown?.map((hit) => (
					<li key={hit.key}>
						<button type="button" className="side-hit" onClick={() => setOpen(hit)}>
							<Icon name={hit.internal ? 'lock' : 'book'} />
							<span>{hit.title}</span>
							{hit.internal && <Tag>{t('palette.internal')}</Tag>}
						</button>
					</li>
				))}
			</ul>
		</div>
	);
}

interface Hit {
	key: string;
	title: string;
	internal: boolean;
	/** Its id, or only what it is called outside. */
	id?: string;
	external: string;
}

/** The articles that this conversation rests on already: what the bot showed. */
function useCited(thread: Thread | undefined): Hit[] {
	const seen = new Map<string, Hit>();
	for (const article of thread?.view?.handoff?.brief?.articles ?? []) {
		seen.set(article.article, {
			key: article.article,
			title: article.title,
			internal: false,
			id: article.article,
			external: '',
		});
	}
	for (const entry of thread?.log ?? []) {
		for (const c of entry.answer?.citations ?? entry.sources ?? []) {
			seen.set(c.article, { key: c.article, title: c.title, internal: false, id: c.article, external: c.external_id });
		}
	}
	return [...seen.values()].slice(0, most);
}

function useHits(words: string, locale: string): { hits: Hit[] | null; problem: string; busy: boolean } {
	const { api } = useDesk();
	const [hits, setHits] = useState<Hit[] | null>(null);
	const [problem, setProblem] = useState('');
	const [busy, setBusy] = useState(false);
	useEffect(() => {
		const q = words.trim();
		setProblem('');
		if (!q) {
			setHits(null);
			setBusy(false);
			return;
		}
		const abort = new AbortController();
		setBusy(true);
		const timer = setTimeout(async () => {
			try {
				// By title, which finds internal ones too, and by meaning, as the bot would.
				const [named, asked] = await Promise.all([
					api.articles({ q }, most, '', abort.signal),
					api.ask({ text: q, locale, explain: true, no_model: true }, abort.signal),
				]);
				const all: Hit[] = (named.data ?? []).map((a) => ({
					key: a.external_id,
					title: a.title,
					internal: a.visibility === 'internal',
					id: a.id,
					external: a.external_id,
				}));
				for (const a of asked.explain?.articles ?? []) {
					if (!all.some((hit) => hit.external === a.id))
						all.push({ key: a.id, title: a.title, internal: a.internal, external: a.id });
				}
				setHits(all.slice(0, most));
				setBusy(false);
			} catch (thrown) {
				if (isAbort(thrown)) return;
				setProblem(problemOf(thrown).message);
				setBusy(false);
			}
		}, searchAfter);
		return () => {
			clearTimeout(timer);
			abort.abort();
		};
	}, [api, words, locale]);
	return { hits, problem, busy };
}

/** One article, as customers see it, with what can be put into the reply of it. */
function Shown({ hit, onBack, canInsert }: { hit: Hit; onBack: () => void; canInsert: boolean }) {
	const { api, talk } = useDesk();
	const [article, setArticle] = useState<Article>();
	const [blocks, setBlocks] = useState<Block[]>([]);
	const [problem, setProblem] = useState('');
	const paper = useRef<HTMLElement>(null);
	useEffect(() => {
		let current = true;
		const load = async () => {
			const found =
				hit.id ?? (await api.articles({ q: hit.external }, 50)).data?.find((a) => a.external_id === hit.external)?.id;
			const whole = await api.article(found ?? '');
			const drawn = await api.preview(whole.body);
			if (!current) return;
			setArticle(whole);
			setBlocks(drawn.blocks ?? []);
		};
		load().catch((thrown) => current && setProblem(problemOf(thrown).message));
		return () => {
			current = false;
		};
	}, [api, hit]);
	const quotable = article && mayQuote(article);
	const insertLink = () => {
		const link = article && linkTo(article);
		if (link) talk.compose?.insert(link);
	};
	/** The part that is selected, or all of it, as plain text. */
	const insertText = () => {
		if (!article) return;
		const selected = document.getSelection();
		const part = selected && paper.current?.contains(selected.anchorNode) ? selected.toString().trim() : '';
		// Its lines and paragraphs are wanted, which only what is drawn has.
		// biome-ignore lint/performance/useDomNodeTextContent: see above.
		const text = part || (paper.current?.innerText.trim() ?? '');
		talk.compose?.insert({ text, citations: [citationOf(article)] });
	};
	return (
		<div className="side-articles">
			<div className="side-back">
				<IconButton icon="back" label={t('articles.backToList')} onPress={onBack} />
				<b>{hit.title}</b>
			</div>
			{problem && <Notice tone="bad">{problem}</Notice>}
			{!article && !problem && <Bone width="80%" />}
			{article && !quotable && (
				<Notice tone="warn">
					{t(article.visibility === 'internal' ? 'articles.internalWords' : 'articles.unpublished')}
				</Notice>
			)}
			{quotable && canInsert && (
				<div className="side-acts">
					<Button icon="link" onPress={insertLink}>
						{t('articles.insertLink')}
					</Button>
					<Button icon="insert" onPress={insertText}>
						{t('articles.insertText')}
					</Button>
				</div>
			)}
			{article && (
				<>
					<article className="prose side-paper" dir="auto" ref={paper}>
						<Blocks blocks={blocks} under={3} />
					</article>
					<Link to={`/knowledge/${article.id}`}>{t('articles.edit')}</Link>
				</>
			)}
		</div>
	);
}
