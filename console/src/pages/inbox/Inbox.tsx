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
	const rows = useStore(desk.inbox, (inbox) => inbox.lists[view].rows);
	const read = useStore(desk.read);
	const unread = (rows ?? []).filter((row) => row.owner === 'agent' && isUnread(row, read[row.id] ?? 0)).length;
	useTitle(t('nav.inbox'), view === 'mine' ? waiting + unread : waiting);

	useEffect(() => desk.showView(view), [desk, view]);
	useEffect(() => {
		desk.openThread(id ?? '');
		return () => desk.openThread('');
	}, [desk, id]);
	// A panel that was laid over the conversation belonged to that conversation.
	// biome-ignore lint/correctness/useExhaustiveDependencies: the id is the reason to close.
	useEffect(() => {
		if (!isWide) setPanel(null);
	}, [id, isWide]);

	const step = (by: 1 | -1) => {
		const next = neighbour(rows ?? [], id, by);
		if (!next || next === id) return;
		const inList = document.activeElement?.closest('.cv') != null;
		navigate(`/inbox/${view}/${next}`, { replace: id !== undefined });
		const row = document.getElementById(`row-${next}`);
		row?.scrollIntoView({ block: 'nearest' });
		if (inList) row?.focus({ preventScroll: true });
	};
	/** Opens the panel at a side; the side that is open closes it. */
	const showSide = (next: Side) => {
		setPanel(!panelShown || side !== next);
		setSide(next);
	};
	useCommands({
		next: () => step(1),
		previous: () => step(-1),
		customer: id ? () => showSide('customer') : undefined,
		articles: id ? () => showSide('articles') : undefined,
		dismiss: panelShown && !isWide ? () => setPanel(false) : undefined,
	});

	return (
		<div className={`inbox${id ? ' has-open' : ''}${panelShown ? ' has-panel' : ''}`}>
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
			{panelShown && (!isSingle || id) && (
				<Panel id={id} view={view} over={!isWide} onClose={() => setPanel(false)} side={side} onSide={setSide} />
			)}
		</div>
	);
}
