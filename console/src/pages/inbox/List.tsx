import { useState } from 'react';
import { Link } from 'wouter';
import type { ViewName } from '../../api';
import { useDesk, useMe } from '../../context';
import type { PresenceState } from '../../protocol';
import { narrowing } from '../../state/filters';
import { can, views } from '../../state/inbox';
import { useStore } from '../../state/store';
import { t, tn } from '../../text';
import { Button, IconButton } from '../../ui/Button';
import { Dot, Notice } from '../../ui/parts';
import { Segmented } from '../../ui/Segmented';
import { Chips, Filters } from './Filters';
import { MentionsLink } from './Mentions';
import { Results } from './Results';
import { Rows } from './Rows';
import { SavedViewsTab, useSavedView } from './SavedViews';
import { SearchBox } from './SearchBox';
import { useFilters } from './useFilters';

export function List({ view, open, isMain }: { view: ViewName; open?: string; isMain: boolean }) {
	const desk = useDesk();
	const inbox = useStore(desk.inbox);
	const { filters, q } = useFilters();
	const [filtering, setFiltering] = useState(false);
	const saved = useSavedView(view);
	const list = inbox.lists[view];
	const counts: Partial<Record<ViewName, number>> = inbox.counted
		? { queue: inbox.queue, mine: inbox.mine, team: inbox.team, snoozed: inbox.snoozed }
		: {};
	// What is empty for most, most of the time, has a tab only while it is not.
	const shown = views.filter((name) => (name !== 'team' && name !== 'snoozed') || name === view || counts[name]);
	const Pane = isMain ? 'main' : 'section';
	return (
		<Pane className="lst" aria-label={t('list.label')} data-pane>
			<header className="lst-top">
				<h1>{t('nav.inbox')}</h1>
				<MentionsLink here={false} />
				<IconButton
					icon="sliders"
					label={t('filter.show')}
					pressed={filtering || narrowing(filters) > 0}
					aria-expanded={filtering}
					onPress={() => setFiltering(!filtering)}
				/>
			</header>
			<SearchBox />
			{!q && (
				<>
					<nav className="tabs" aria-label={t('list.views')}>
						{shown.map((name) => (
							<Link key={name} to={`/inbox/${name}`} aria-current={name === view && !saved ? 'page' : undefined}>
								{t(`view.${name}`)} {counts[name] !== undefined && <span className="num">{counts[name]}</span>}
							</Link>
						))}
						<SavedViewsTab view={view} />
					</nav>
					{filtering && <Filters onClose={() => setFiltering(false)} />}
					<p className="lst-sub">
						<span>{filters.sort ? t(`sort.${filters.sort}` as 'sort.newest') : t(`list.order.${view}`)}</span>
					</p>
					<Chips />
				</>
			)}
			{q ? <Results view={view} open={open} /> : <Rows view={view} open={open} />}
			{list.problem && list.rows && !q && (
				<Notice tone="bad" action={<Button onPress={() => desk.lists.load()}>{t('retry')}</Button>}>
					{list.problem.message}
				</Notice>
			)}
			<Presence />
		</Pane>
	);
}

/** Whether chats come to this agent, at the foot of the list. */
function Presence() {
	const desk = useDesk();
	const { user } = useMe();
	const state = useStore(desk.myPresence);
	const mine = useStore(desk.inbox, (inbox) => inbox.mine);
	if (!can(user.role, 'agent')) return <p className="pres">{t('pres.readOnly')}</p>;
	return (
		<div className="pres">
			<Dot state={state} />
			<b>{t(`presence.${state}`)}</b>
			<span className="num">{tn('pres.chats', mine)}</span>
			<Segmented<PresenceState>
				label={t('pres.label')}
				value={state}
				options={[
					{ value: 'online', label: t('presence.online') },
					{ value: 'away', label: t('presence.away') },
				]}
				onChange={(next) => void desk.setPresence(next).catch(() => undefined)}
			/>
		</div>
	);
}
