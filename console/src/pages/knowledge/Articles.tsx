import { useEffect, useState } from 'react';
import { Input } from 'react-aria-components/Input';
import { SearchField } from 'react-aria-components/SearchField';
import { Link, useSearchParams } from 'wouter';
import type { ArticleFilter, Problem } from '../../api';
import { isAbort, problemOf } from '../../api';
import { useCommands } from '../../commands';
import { useDesk, useLate, useMe, useNow } from '../../context';
import { count, when } from '../../format';
import type { Article, ArticleStatus, Visibility } from '../../protocol';
import { can } from '../../state/inbox';
import { useStore } from '../../state/store';
import { t, tn } from '../../text';
import { Button, ButtonLink } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { Bone, Empty, Failure, Notice, Tag } from '../../ui/parts';
import { Select } from '../../ui/Select';
import { useTitle } from '../../ui/title';
import { AskPanel } from './AskPanel';
import { IndexStatus } from './IndexStatus';
import { StatusTag } from './StatusTag';

const page = 50;
// Long enough that a word is typed, short enough to feel at once.
const searchAfter = 200;

interface Found {
	articles: Article[];
	cursor: string;
	total: number;
}

export default function Articles() {
	const { user } = useMe();
	const [params, setParams] = useSearchParams();
	const [asking, setAsking] = useState(false);
	const filter: ArticleFilter = {
		q: params.get('q') ?? '',
		status: (params.get('status') ?? '') as ArticleStatus | '',
		visibility: (params.get('visibility') ?? '') as Visibility | '',
	};
	const [words, setWords] = useState(filter.q ?? '');
	const canEdit = can(user.role, 'editor');
	useTitle(t('nav.knowledge'));

	const set = (key: string, value: string) =>
		setParams(
			(before) => {
				const next = new URLSearchParams(before);
				if (value) next.set(key, value);
				else next.delete(key);
				return next;
			},
			{ replace: true },
		);
	const clear = () => {
		setWords('');
		setParams({}, { replace: true });
	};
	// biome-ignore lint/correctness/useExhaustiveDependencies: only typing starts the clock.
	useEffect(() => {
		if (words === filter.q) return;
		const timer = setTimeout(() => set('q', words), searchAfter);
		return () => clearTimeout(timer);
	}, [words]);
	useCommands({ search: () => document.querySelector<HTMLInputElement>('.search input')?.focus() });

	return (
		<div className={`knowledge${asking ? ' asking' : ''}`}>
			<main className="page" data-pane>
				<header className="page-head">
					<h1>{t('nav.knowledge')}</h1>
					<div className="page-acts">
						<Button icon="chat" onPress={() => setAsking(!asking)} aria-expanded={asking}>
							{t('ask.title')}
						</Button>
						<ButtonLink to="/knowledge/gaps" icon="search">
							{t('gaps.title')}
						</ButtonLink>
						{canEdit && (
							<>
								<ButtonLink to="/knowledge/import" icon="upload">
									{t('import.short')}
								</ButtonLink>
								<ButtonLink to="/knowledge/new" kind="primary" icon="plus">
									{t('article.new')}
								</ButtonLink>
							</>
						)}
					</div>
				</header>
				<div className="page-body">
					<div className="filters">
						<SearchField className="search" aria-label={t('articles.search')} value={words} onChange={setWords}>
							<Icon name="search" />
							<Input className="input" placeholder={t('articles.search')} />
						</SearchField>
						<Select
							bare
							label={t('articles.status')}
							value={filter.status ?? ''}
							options={[
								{ value: '', label: t('articles.live') },
								{ value: 'published', label: t('status.published') },
								{ value: 'draft', label: t('status.draft') },
								{ value: 'archived', label: t('status.archived') },
							]}
							onChange={(value) => set('status', value)}
						/>
						<Select
							bare
							label={t('articles.visibility')}
							value={filter.visibility ?? ''}
							options={[
								{ value: '', label: t('articles.anyone') },
								{ value: 'public', label: t('visibility.public') },
								{ value: 'internal', label: t('visibility.internal') },
							]}
							onChange={(value) => set('visibility', value)}
						/>
						<IndexStatus />
					</div>
					<Results filter={filter} canEdit={canEdit} onClear={clear} />
				</div>
			</main>
			{asking && <AskPanel onClose={() => setAsking(false)} />}
		</div>
	);
}

function Results({ filter, canEdit, onClear }: { filter: ArticleFilter; canEdit: boolean; onClear: () => void }) {
	const { found, problem, busy, more, again } = useArticles(filter);
	const late = useLate(found === null);
	const filtered = Boolean(filter.q || filter.status || filter.visibility);
	if (!found) {
		if (problem) {
			return (
				<Failure title={t('articles.failed')} retry={<Button onPress={again}>{t('retry')}</Button>}>
					{problem.message}
				</Failure>
			);
		}
		return late ? <Bones /> : <div aria-busy="true" />;
	}
	if (found.articles.length === 0) {
		return filtered ? (
			<Empty
				icon="search"
				title={t('articles.noMatch')}
				action={<Button onPress={onClear}>{t('articles.clear')}</Button>}
			>
				{t('articles.noMatchWords')}
			</Empty>
		) : (
			<Empty
				icon="book"
				title={t('articles.none')}
				action={canEdit && <ButtonLink to="/knowledge/import">{t('import.title')}</ButtonLink>}
			>
				{t('articles.noneWords')}
			</Empty>
		);
	}
	return (
		<>
			{problem && (
				<Notice tone="bad" action={<Button onPress={again}>{t('retry')}</Button>}>
					{problem.message}
				</Notice>
			)}
			<ArticleTable articles={found.articles} total={found.total} />
			{found.cursor && (
				<div className="lst-more">
					<Button busy={busy} onPress={more}>
						{t('articles.more', { left: count(Math.max(0, found.total - found.articles.length)) })}
					</Button>
				</div>
			)}
		</>
	);
}

function ArticleTable({ articles, total }: { articles: Article[]; total: number }) {
	const now = useNow(60_000);
	return (
		<table className="table">
			<caption>{tn('articles.total', total, { n: count(total) })}</caption>
			<thead>
				<tr>
					<th scope="col">{t('articles.title')}</th>
					<th scope="col">{t('articles.status')}</th>
					<th scope="col" className="from-m">
						{t('articles.visibility')}
					</th>
					<th scope="col" className="from-l">
						{t('articles.tags')}
					</th>
					<th scope="col" className="from-l">
						{t('articles.source')}
					</th>
					<th scope="col" className="end from-m">
						{t('articles.updated')}
					</th>
				</tr>
			</thead>
			<tbody>
				{articles.map((article) => (
					<tr key={article.id}>
						<th scope="row">
							<Link to={`/knowledge/${article.id}`} className="row-link">
								{article.title}
							</Link>
							<small>
								v{article.number}
								{article.external_id && article.source !== 'console' && `, ${article.external_id}`}
							</small>
						</th>
						<td>
							<StatusTag status={article.status} />
						</td>
						<td className="from-m keep">{t(`visibility.${article.visibility}`)}</td>
						<td className="from-l">
							<Tags tags={article.tags ?? []} />
						</td>
						<td className="from-l">
							<span className="cut source-name" title={article.source}>
								{article.source === 'console' ? t('articles.console') : article.source}
							</span>
						</td>
						<td className="end from-m">
							<time dateTime={article.updated_at}>{when(article.updated_at, now)}</time>
						</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}

function Tags({ tags }: { tags: string[] }) {
	const shown = tags.slice(0, 2);
	return (
		<span className="tags">
			{shown.map((tag) => (
				<Tag key={tag} tone="line">
					{tag}
				</Tag>
			))}
			{tags.length > shown.length && <span className="num">+{tags.length - shown.length}</span>}
		</span>
	);
}

function Bones() {
	return (
		<div className="table-bones" role="status" aria-label={t('app.loading')}>
			{['38%', '52%', '44%', '30%', '48%', '36%', '50%', '42%'].map((width, i) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: bones do not move.
				<div key={i}>
					<Bone width={width} height={12} />
					<Bone width="72px" height={20} />
				</div>
			))}
		</div>
	);
}

/** The articles of a filter, page by page; anew when the filter or the knowledge changes. */
function useArticles({ q, status, visibility }: ArticleFilter) {
	const desk = useDesk();
	const version = useStore(desk.knowledge);
	const [found, setFound] = useState<Found | null>(null);
	const [problem, setProblem] = useState<Problem | null>(null);
	const [busy, setBusy] = useState(false);
	const [turn, setTurn] = useState(0);

	// biome-ignore lint/correctness/useExhaustiveDependencies: version and turn are reasons to ask again.
	useEffect(() => {
		const abort = new AbortController();
		desk.api
			.articles({ q, status, visibility }, page, '', abort.signal)
			.then((list) => {
				setFound({ articles: list.data ?? [], cursor: list.next_cursor ?? '', total: list.total ?? 0 });
				setProblem(null);
			})
			.catch((thrown) => !isAbort(thrown) && setProblem(problemOf(thrown)));
		return () => abort.abort();
	}, [desk, q, status, visibility, version, turn]);

	const more = async () => {
		if (!found) return;
		setBusy(true);
		try {
			const list = await desk.api.articles({ q, status, visibility }, page, found.cursor);
			const known = new Set(found.articles.map((a) => a.id));
			const fresh = (list.data ?? []).filter((a) => !known.has(a.id));
			setFound({ articles: [...found.articles, ...fresh], cursor: list.next_cursor ?? '', total: list.total ?? 0 });
		} catch (thrown) {
			setProblem(problemOf(thrown));
		} finally {
			setBusy(false);
		}
	};
	return { found, problem, busy, more, again: () => setTurn(turn + 1) };
}
