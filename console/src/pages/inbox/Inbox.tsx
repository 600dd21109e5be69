import { useEffect, useState } from 'react';
import { Redirect, useLocation } from 'wouter';
import type { ViewName } from '../../api';
import { useCommands } from '../../commands';
import { useDesk, useMedia } from '../../context';
import { isUnread, neighbour, views } from '../../state/inbox';
import { useStore } from '../../state/store';
import { t } from '../../text';
import { Empty } from '../../ui/parts';
import { useTitle } from '../../ui/title';
import { Conversation, single } from './Conversation';
import { List } from './List';
import { MentionList } from './Mentions';
import { Panel, type Side } from './Panel';
import { useFilters } from './useFilters';

// Where the look's grid gives the panel a column of its own.
const wide = '(min-width: 1360px)';

export default function Inbox({ view, id }: { view: string; id?: string }) {
	if (view === 'mentions') return <Panes view="all" mentions id={id} />;
	if (!(views as string[]).includes(view)) return <Redirect to="/inbox/queue" replace />;
	return <Panes view={view as ViewName} id={id} />;
}

/** The panes of a view; with mentions the notes that mention this agent take the place of the list. */
function Panes({ view, id, mentions }: { view: ViewName; id?: string; mentions?: boolean }) {
	const desk = useDesk();
	const [, navigate] = useLocation();
	const isWide = useMedia(wide);
	const isSingle = useMedia(single);
	const [panel, setPanel] = useState<boolean | null>(null);
	const [side, setSide] = useState<Side>('customer');
	const panelShown = panel ?? isWide;
	const waiting = useStore(desk.inbox, (inbox) => inbox.queue);
	const { filters, q, search } = useFilters();
	const listed = useStore(desk.inbox, (inbox) => inbox.lists[view].rows);
	const found = useStore(desk.finder.found);
	const rows = q ? found.hits : listed;
	const read = useStore(desk.read);
	const unread = (listed ?? []).filter((row) => row.owner === 'agent' && isUnread(row, read[row.id] ?? 0)).length;
	useTitle(t('nav.inbox'), view === 'mine' ? waiting + unread : waiting);

	useEffect(() => desk.showView(view, filters), [desk, view, filters]);
	useEffect(() => {
		desk.openThread(id ?? '');
		return () => desk.openThread('');
	}, [desk, id]);
	// A panel that was laid over the conversation belonged to that conversation.
	// biome-ignore lint/correctness/useExhaustiveDependencies: the id is the reason to close.
	useEffect(() => {
		if (!isWide) setPanel(null);
	}, [id, isWide]);

	const step = async (by: 1 | -1) => {
		let next = neighbour(rows ?? [], id, by);
		if (next === id && by > 0 && !q) {
			// The next one has not been scrolled to yet.
			await desk.lists.more();
			next = neighbour(desk.inbox.get().lists[view].rows ?? [], id, by);
		}
		if (next && next !== id) navigate(`/inbox/${view}/${next}${search}`, { replace: id !== undefined });
	};
	/** Opens the panel at a side; the side that is open closes it. */
	const showSide = (next: Side) => {
		setPanel(!panelShown || side !== next);
		setSide(next);
	};
	useCommands({
		next: () => void step(1),
		previous: () => void step(-1),
		customer: id ? () => showSide('customer') : undefined,
		articles: id ? () => showSide('articles') : undefined,
		dismiss: panelShown && !isWide ? () => setPanel(false) : undefined,
	});

	return (
		<div className={`inbox${id ? ' has-open' : ''}${panelShown && id ? ' has-panel' : ''}`}>
			{(!isSingle || !id) &&
				(mentions ? <MentionList open={id} isMain={isSingle} /> : <List view={view} open={id} isMain={isSingle} />)}
			{id ? (
				<Conversation key={id} id={id} view={view} panelShown={panelShown} onPanel={() => setPanel(!panelShown)} />
			) : (
				!isSingle && (
					<main className="conv" data-pane>
						<Empty icon={waiting > 0 ? 'chat' : 'done'} title={t(waiting > 0 ? 'conv.none' : 'conv.allAnswered')}>
							{t(waiting > 0 ? 'conv.noneWords' : 'conv.allAnsweredWords')}
						</Empty>
					</main>
				)
			)}
			{panelShown && id && (
				<Panel id={id} view={view} over={!isWide} onClose={() => setPanel(false)} side={side} onSide={setSide} />
			)}
		</div>
	);
}
