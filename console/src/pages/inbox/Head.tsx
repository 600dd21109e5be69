import { Button as AriaButton } from 'react-aria-components/Button';
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { useLocation } from 'wouter';
import type { ViewName } from '../../api';
import { useMedia, useNow } from '../../context';
import { clock, minutes } from '../../format';
import type { Thread } from '../../state/thread';
import { t, tn } from '../../text';
import { Button, IconButton } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { Tag } from '../../ui/parts';
import { WatcherFaces } from './Watchers';

/** Where the page is one pane with a tab bar. */
export const phone = '(max-width: 767px)';

export type Move = 'claim' | 'release' | 'close';

interface HeadProps {
	thread: Thread;
	view: ViewName;
	/** What may be done with it, in order; the last of them is the main thing. */
	moves: Move[];
	isMine: boolean;
	busy: string | undefined;
	onMove: (to: Move) => void;
	panelShown: boolean;
	onPanel: () => void;
}

/** Whose conversation it is, who has it, and what can be done with it: one primary action. */
export function Head({ thread, view, moves, isMine, busy, onMove, panelShown, onPanel }: HeadProps) {
	const [, navigate] = useLocation();
	const isPhone = useMedia(phone);
	const closed = thread.holding?.status === 'closed';
	return (
		<header className="conv-head">
			<span className="conv-back">
				<IconButton icon="back" label={t('conv.back')} onPress={() => navigate(`/inbox/${view}`)} />
			</span>
			<div className="conv-who">
				<h2 className="cut">{thread.view?.customer_name}</h2>
				<State thread={thread} isMine={isMine} />
				<WatcherFaces conversation={thread.id} />
			</div>
			<div className="conv-acts">
				<IconButton icon="person" label={t('conv.panel')} pressed={panelShown} onPress={onPanel} />
				{isPhone
					? // What is free is taken at the foot of the page.
						isMine && <MoreMenu moves={moves} onMove={onMove} />
					: moves.map((to) => <MoveButton key={to} to={to} {...{ isMine, closed, busy, onMove }} />)}
			</div>
		</header>
	);
}

interface MoveButtonProps {
	to: Move;
	isMine: boolean;
	closed: boolean;
	busy: string | undefined;
	onMove: (to: Move) => void;
}

export function MoveButton({ to, isMine, closed, busy, onMove }: MoveButtonProps) {
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
			return (
				<Button {...act} kind="quiet" icon="transfer">
					{t('conv.release')}
				</Button>
			);
		case 'close':
			return (
				<Button {...act} kind={isMine ? 'default' : 'quiet'} hint="E">
					{t('conv.close')}
				</Button>
			);
	}
}

function MoreMenu({ moves, onMove }: { moves: Move[]; onMove: (to: Move) => void }) {
	const words = { claim: t('conv.take'), release: t('conv.release'), close: t('conv.close') };
	return (
		<MenuTrigger>
			<AriaButton className="iconbtn" aria-label={t('conv.more')}>
				<Icon name="more" />
			</AriaButton>
			<Popover className="menu" placement="bottom end">
				<Menu className="menu-list" onAction={(key) => onMove(key as Move)}>
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
