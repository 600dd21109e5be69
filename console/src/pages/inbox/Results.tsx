import { type KeyboardEvent, useEffect, useRef } from 'react';
import { Link } from 'wouter';
import type { ViewName } from '../../api';
import { useDesk, useLate, useMe, useNow } from '../../context';
import { customerName, when } from '../../format';
import type { Piece, SearchHit } from '../../protocol';
import { withParam } from '../../state/filters';
import { useStore } from '../../state/store';
import { t, tn } from '../../text';
import { Button } from '../../ui/Button';
import { Empty, Notice, Tag } from '../../ui/parts';
import { Skeleton } from './Rows';
import { useFilters } from './useFilters';

interface ResultsProps {
	view: ViewName;
	open?: string;
}

/** What the search found, with the words marked; a row opens the conversation at the entry that was found. */
export function Results({ view, open }: ResultsProps) {
	const { finder } = useDesk();
	const found = useStore(finder.found);
	const { q } = useFilters();
	const late = useLate(found.hits === null);
	useEffect(() => finder.find(q), [finder, q]);
	if (found.hits === null) {
		if (found.problem) return <Failed message={found.problem.message} />;
		return late ? <Skeleton /> : <div className="lst-rows" aria-busy="true" />;
	}
	return (
		<>
			<p className="lst-sub" role="status">
				<span>{tn('find.found', found.hits.length, { more: found.cursor ? '+' : '' })}</span>
				{found.behind && <span>{t('find.behind')}</span>}
			</p>
			{found.hits.length === 0 ? (
				<div className="lst-rows">
					<Empty icon="search" title={t('find.nothing')}>
						{t('find.nothingWords')}
					</Empty>
				</div>
			) : (
				<Hits hits={found.hits} more={found.cursor !== ''} {...{ view, open }} />
			)}
			{found.problem && (
				<Notice tone="bad" action={<Button onPress={finder.retry}>{t('retry')}</Button>}>
					{found.problem.message}
				</Notice>
			)}
		</>
	);
}

function Failed({ message }: { message: string }) {
	const { finder } = useDesk();
	return (
		<div role="alert" className="lst-rows">
			<Empty icon="alert" title={t('find.failed')} action={<Button onPress={finder.retry}>{t('retry')}</Button>}>
				{message}
			</Empty>
		</div>
	);
}

function Hits({ hits, more, view, open }: ResultsProps & { hits: SearchHit[]; more: boolean }) {
	const { finder } = useDesk();
	const end = useRef<HTMLParagraphElement>(null);
	useEffect(() => {
		if (!end.current || !more) return;
		const watch = new IntersectionObserver((entries) => entries.some((e) => e.isIntersecting) && finder.more());
		watch.observe(end.current);
		return () => watch.disconnect();
	}, [finder, more]);
	return (
		// biome-ignore lint/a11y/noStaticElementInteractions: arrows move among the links in it.
		<div className="lst-rows" onKeyDown={arrows}>
			<ol aria-label={t('find.results')}>
				{hits.map((hit) => (
					<li key={hit.id}>
						<Hit hit={hit} view={view} isOpen={hit.id === open} />
					</li>
				))}
			</ol>
			<p ref={end} className="lst-more">
				{more ? t('list.loading') : ''}
			</p>
		</div>
	);
}

function arrows(event: KeyboardEvent<HTMLDivElement>): void {
	const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
	if (!by) return;
	const links = [...event.currentTarget.querySelectorAll('a')];
	const next = links[links.indexOf(document.activeElement as HTMLAnchorElement) + by];
	event.preventDefault();
	if (next) next.focus();
	else if (by < 0) document.querySelector<HTMLInputElement>('.lst-search input')?.focus();
}

function Hit({ hit, view, isOpen }: { hit: SearchHit; view: ViewName; isOpen: boolean }) {
	const now = useNow();
	const { user } = useMe();
	const { search } = useFilters();
	const at = hit.log ? `${hit.log}-${hit.seq}` : '';
	return (
		<Link
			to={`/inbox/${view}/${hit.id}${withParam(search, 'at', at)}`}
			id={`row-${hit.id}`}
			className={`cv hit${isOpen ? ' on' : ''}`}
			aria-current={isOpen ? 'true' : undefined}
		>
			<span className="cv-dot" />
			<span className="cv-name">
				<span className="cut">
					{(hit.name ?? []).some((piece) => piece.marked) ? (
						<Marked pieces={hit.name} />
					) : (
						customerName((hit.name ?? []).map((piece) => piece.text).join(''))
					)}
				</span>
			</span>
			<time className="cv-time" dateTime={hit.at ?? hit.created_at}>
				{when(hit.at ?? hit.created_at, now)}
			</time>
			<span className="cv-words">
				{speaker(hit, user.id)}
				<Marked pieces={hit.excerpt} />
			</span>
			<span className="cv-tags">
				{hit.log === 'staff' && <Tag>{t('log.note')}</Tag>}
				{hit.status === 'closed' && <Tag>{t('owner.closed')}</Tag>}
				{hit.tags?.slice(0, 2).map((name) => (
					<Tag key={name} tone="line">
						{name}
					</Tag>
				))}
			</span>
		</Link>
	);
}

function speaker(hit: SearchHit, me: string): string {
	if (hit.from?.kind === 'bot') return t('row.bot', { text: '' });
	if (hit.from?.kind !== 'agent') return '';
	return hit.from.id === me
		? t('row.you', { text: '' })
		: t('row.agent', { name: hit.from.name ?? t('row.someone'), text: '' });
}

function Marked({ pieces }: { pieces: Piece[] | null }) {
	// biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never change places.
	return (pieces ?? []).map((piece, i) => (piece.marked ? <mark key={i}>{piece.text}</mark> : piece.text));
}
