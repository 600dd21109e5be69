import { useLocation } from 'wouter';
import type { ViewName } from '../../api';
import { useNow } from '../../context';
import { clock, minutes } from '../../format';
import type { Thread } from '../../state/thread';
import { t, tn } from '../../text';
import { Button, IconButton } from '../../ui/Button';
import { Tag } from '../../ui/parts';

interface HeadProps {
	thread: Thread;
	view: ViewName;
	canAnswer: boolean;
	isMine: boolean;
	busy: string | undefined;
	onMove: (to: 'claim' | 'release' | 'close') => void;
	panelShown: boolean;
	onPanel: () => void;
}

/** Whose conversation it is, who has it, and what can be done with it: one primary action. */
export function Head({ thread, view, canAnswer, isMine, busy, onMove, panelShown, onPanel }: HeadProps) {
	const [, navigate] = useLocation();
	const { holding } = thread;
	if (!holding) return null;
	const closed = holding.status === 'closed';
	const others = holding.owner === 'agent' && !isMine && !closed;
	return (
		<header className="conv-head">
			<span className="conv-back">
				<IconButton icon="back" label={t('conv.back')} onPress={() => navigate(`/inbox/${view}`)} />
			</span>
			<div className="conv-who">
				<h2 className="cut">{thread.view?.customer_name}</h2>
				<State thread={thread} isMine={isMine} />
			</div>
			<div className="conv-acts">
				<IconButton icon="split" label={t('conv.panel')} pressed={panelShown} onPress={onPanel} />
				{canAnswer && isMine && (
					<Button icon="transfer" kind="quiet" busy={busy === 'release'} onPress={() => onMove('release')}>
						{t('conv.release')}
					</Button>
				)}
				{canAnswer && !closed && !others && (
					<Button kind={isMine ? 'default' : 'quiet'} hint="E" busy={busy === 'close'} onPress={() => onMove('close')}>
						{t('conv.close')}
					</Button>
				)}
				{canAnswer && !isMine && !others && !closed && (
					<Button kind="primary" hint="↵" busy={busy === 'claim'} onPress={() => onMove('claim')}>
						{t('conv.take')}
					</Button>
				)}
				{canAnswer && closed && (
					<Button busy={busy === 'claim'} onPress={() => onMove('claim')}>
						{t('conv.reopen')}
					</Button>
				)}
			</div>
		</header>
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
			{wait < 60 ? tn('conv.waiting', wait) : t('conv.waitingSince', { time: clock(since) })}
		</Tag>
	);
}
