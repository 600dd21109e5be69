import { Button as AriaButton } from 'react-aria-components/Button';
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { useLocation } from 'wouter';
import type { ViewName } from '../../api';
import { useMedia, useNow } from '../../context';
import { clock, customerName, due, minutes } from '../../format';
import type { Thread } from '../../state/thread';
import { t, tn } from '../../text';
import { Button, IconButton } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { Tag } from '../../ui/parts';
import { CloseButton } from './Close';
import { useFilters } from './useFilters';
import { WatcherFaces } from './Watchers';

/** Where the page is one pane with a tab bar. */
export const phone = '(max-width: 767px)';

export type Move = 'claim' | 'release' | 'close';
export type Aside = 'transfer' | 'snooze' | 'wake' | 'note';

const asides = {
	transfer: { icon: 'transfer', words: 'conv.transfer', key: 'conv.transferKey' },
	snooze: { icon: 'moon', words: 'conv.snooze', key: 'conv.snoozeKey' },
	wake: { icon: 'moon', words: 'conv.wake', key: 'conv.wakeKey' },
} as const;

interface HeadProps {
	thread: Thread;
	view: ViewName;
	/** What may be done with it, in order; the last of them is the main thing. */
	moves: Move[];
	isMine: boolean;
	busy: string | undefined;
	onMove: (to: Move, more?: object) => void;
	/** What opens a dialog, or wakes it; none where nothing of that can be done. */
	aside: Aside[];
	onAside: (what: Aside) => void;
	panelShown: boolean;
	onPanel: () => void;
}

/** Whose conversation it is, who has it, and what can be done with it: one primary action. */
export function Head(props: HeadProps) {
	const { thread, view, moves, isMine, busy, onMove, aside, onAside, panelShown, onPanel } = props;
	const [, navigate] = useLocation();
	const { search } = useFilters();
	const isPhone = useMedia(phone);
	const closed = thread.holding?.status === 'closed';
	return (
		<header className="conv-head">
			<span className="conv-back">
				<IconButton icon="back" label={t('conv.back')} onPress={() => navigate(`/inbox/${view}${search}`)} />
			</span>
			<div className="conv-who">
				<h2 className="cut">{customerName(thread.view?.customer_name)}</h2>
				<State thread={thread} isMine={isMine} />
				<WatcherFaces conversation={thread.id} />
			</div>
			<div className="conv-acts">
				<IconButton icon="person" label={t('conv.panel')} pressed={panelShown} onPress={onPanel} />
				{isPhone
					? // What is free is taken at the foot of the page.
						aside.length > 0 && <MoreMenu {...{ moves: isMine ? moves : [], onMove, aside, onAside }} />
					: aside.map(
							(what) =>
								what !== 'note' && (
									<IconButton
										key={what}
										icon={asides[what].icon}
										label={t(asides[what].key)}
										onPress={() => onAside(what)}
									/>
								),
						)}
				{!isPhone && moves.map((to) => <MoveButton key={to} to={to} {...{ isMine, closed, busy, onMove, onAside }} />)}
			</div>
		</header>
	);
}

interface MoveButtonProps {
	to: Move;
	isMine: boolean;
	closed: boolean;
	busy: string | undefined;
	onMove: (to: Move, more?: object) => void;
	onAside: (what: Aside) => void;
}

export function MoveButton({ to, isMine, closed, busy, onMove, onAside }: MoveButtonProps) {
	const act = { busy: busy === to, onPress: () => onMove(to) };
	switch (to) {
		case 'claim':
			return closed ? (
				<Button {...act}>{t('conv.reopen')}</Button>
			) : (
				<Button {...act} kind="primary" hint="↵">
					{t('conv.take')}
				</Button>
			);
		case 'release':
			return <IconButton icon="bell" label={t('conv.release')} isPending={act.busy} onPress={act.onPress} />;
		case 'close':
			return (
				<CloseButton
					kind={isMine ? 'default' : 'quiet'}
					busy={busy === to}
					onClose={(outcome) => onMove('close', { outcome })}
					onNote={() => onAside('note')}
				/>
			);
	}
}

function MoreMenu({ moves, onMove, aside, onAside }: Pick<HeadProps, 'moves' | 'onMove' | 'aside' | 'onAside'>) {
	const words = { claim: t('conv.take'), release: t('conv.release'), close: t('conv.close') };
	const others = aside.filter((what) => what !== 'note');
	// On a phone there is no room to say how it ended beside the verb: a dialog asks.
	const act = (key: string) => {
		if (key === 'close') onAside('note');
		else if (key in words) onMove(key as Move);
		else onAside(key as Aside);
	};
	return (
		<MenuTrigger>
			<AriaButton className="iconbtn" aria-label={t('conv.more')}>
				<Icon name="more" />
			</AriaButton>
			<Popover className="menu" placement="bottom end">
				<Menu className="menu-list" onAction={(key) => act(String(key))}>
					{others.map((what) => (
						<MenuItem key={what} id={what} className="menu-item">
							{t(asides[what].words)}
						</MenuItem>
					))}
					{moves.map((to) => (
						<MenuItem key={to} id={to} className="menu-item">
							{words[to]}
						</MenuItem>
					))}
				</Menu>
			</Popover>
		</MenuTrigger>
	);
}

function State({ thread, isMine }: { thread: Thread; isMine: boolean }) {
	const now = useNow();
	const { holding, view } = thread;
	if (!holding) return null;
	if (holding.status === 'closed') return <Tag>{t('owner.closed')}</Tag>;
	if (view?.snoozed_until) {
		return <Tag icon="moon">{t('conv.snoozedUntil', { time: due(view.snoozed_until, now) })}</Tag>;
	}
	if (holding.owner === 'bot') return <Tag tone="bot">{t('conv.bot')}</Tag>;
	if (holding.owner === 'agent') {
		return <Tag tone="agent">{isMine ? t('conv.yours') : t('conv.has', { name: holding.agentName })}</Tag>;
	}
	const since = Date.parse(view?.waiting_since ?? '') || now;
	const wait = minutes(now - since);
	return (
		<Tag tone="warn" icon="clock">
			{waitWords(wait, since)}
		</Tag>
	);
}

function waitWords(wait: number, since: number): string {
	if (wait === 0) return t('conv.waitingNow');
	return wait < 60 ? tn('conv.waiting', wait) : t('conv.waitingSince', { time: clock(since) });
}
