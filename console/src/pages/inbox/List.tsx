import { Link } from 'wouter';
import type { ViewName } from '../../api';
import { useDesk, useLate, useMe, useNow } from '../../context';
import type { PresenceState } from '../../protocol';
import { can, isUnread, views } from '../../state/inbox';
import { useStore } from '../../state/store';
import { t, tn } from '../../text';
import { Button } from '../../ui/Button';
import { Bone, Dot, Empty, Notice } from '../../ui/parts';
import { Segmented } from '../../ui/Segmented';
import { MentionsLink } from './Mentions';
import { Row } from './Row';

export function List({ view, open, isMain }: { view: ViewName; open?: string; isMain: boolean }) {
	const desk = useDesk();
	const inbox = useStore(desk.inbox);
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
			</header>
			<nav className="tabs" aria-label={t('list.views')}>
				{shown.map((name) => (
					<Link key={name} to={`/inbox/${name}`} aria-current={name === view ? 'page' : undefined}>
						{t(`view.${name}`)} {counts[name] !== undefined && <span className="num">{counts[name]}</span>}
					</Link>
				))}
			</nav>
			<p className="lst-sub">
				<span>{t(`list.order.${view}`)}</span>
			</p>
			<div className="lst-rows">
				<Rows view={view} open={open} />
			</div>
			{list.problem && list.rows && (
				<Notice tone="bad" action={<Button onPress={() => desk.loadList(view)}>{t('retry')}</Button>}>
					{list.problem.message}
				</Notice>
			)}
			<Presence />
		</Pane>
	);
}

function Rows({ view, open }: { view: ViewName; open?: string }) {
	const desk = useDesk();
	const list = useStore(desk.inbox, (inbox) => inbox.lists[view]);
	const read = useStore(desk.read);
	const now = useNow();
	const { user } = useMe();
	const late = useLate(list.rows === null);
	if (list.rows === null) {
		if (list.problem) {
			return (
				<div role="alert" className="fill">
					<Empty
						icon="alert"
						title={t('list.failed')}
						action={<Button onPress={() => desk.loadList(view)}>{t('retry')}</Button>}
					>
						{list.problem.message}
					</Empty>
				</div>
			);
		}
		return late ? <Skeleton /> : <div aria-busy="true" />;
	}
	if (list.rows.length === 0) {
		return (
			<Empty icon={view === 'closed' ? 'done' : 'inbox'} title={t(`list.empty.${view}`)}>
				{t(`list.emptyWords.${view}`)}
			</Empty>
		);
	}
	return (
		<>
			<ol aria-label={t(`view.${view}`)}>
				{list.rows.map((row) => (
					<li key={row.id}>
						<Row
							row={row}
							view={view}
							isOpen={row.id === open}
							unread={isUnread(row, read[row.id] ?? 0)}
							now={now}
							me={user.id}
						/>
					</li>
				))}
			</ol>
			{list.cursor && (
				<div className="lst-more">
					<Button kind="quiet" busy={list.loading} onPress={() => desk.more(view)}>
						{t('list.more')}
					</Button>
				</div>
			)}
		</>
	);
}

function Skeleton() {
	return (
		<div className="cv-bones" role="status" aria-label={t('app.loading')}>
			{['72%', '90%', '64%', '84%', '58%', '80%'].map((width) => (
				<div key={width} className="cv">
					<span />
					<Bone width="44%" height={12} />
					<Bone width="36px" />
					<span className="cv-words">
						<Bone width={width} />
					</span>
					<span className="cv-tags">
						<Bone width="84px" height={20} />
					</span>
				</div>
			))}
		</div>
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
