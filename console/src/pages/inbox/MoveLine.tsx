import { clock, due, minutes, ordinal } from '../../format';
import type { Entry, Notice } from '../../protocol';
import { t, tn } from '../../text';
import { Icon, type IconName } from '../../ui/Icon';
import { reasonWords } from './ReasonTag';

interface MoveLineProps {
	entry: Entry;
	/** The customer's name. */
	customer: string;
	told: Notice | null;
	waitedMs: number;
}

/** A change of owner or status, as one line: who to whom, when, and what the customer was told. */
export function MoveLine({ entry, customer, told, waitedMs }: MoveLineProps) {
	const { icon, words } = moveWords(entry, customer);
	const extra = [
		waitedMs >= 60_000 ? tn('move.after', minutes(waitedMs)) : '',
		entry.change?.to === 'queue' && entry.change.reason !== 'vanished' ? reasonWords(entry.change.reason ?? '') : '',
		told ? t('log.told', { words: noticeWords(told) }) : '',
	].filter(Boolean);
	return <SystemLine icon={icon} at={entry.at} strong={words} words={extra.join('. ')} />;
}

/** What a move is called, from the agent's point of view. */
export function moveWords({ change, from }: Entry, customer: string): { icon: IconName; words: string } {
	const by = from.name || t('row.someone');
	if (!change) return { icon: 'arrow', words: '' };
	if (change.status === 'closed') {
		if (from.kind === 'customer') return { icon: 'done', words: t('move.ended', { name: customer }) };
		return { icon: 'done', words: from.kind === 'agent' ? t('move.closedBy', { name: by }) : t('move.closed') };
	}
	if (change.reason === 'reopened') return { icon: 'refresh', words: t('move.reopened') };
	if (change.reason === 'vanished') return { icon: 'arrow', words: t('move.vanished', { name: by }) };
	if (change.reason === 'woken') return { icon: 'moon', words: t('move.woken', { name: by }) };
	if (change.reason === 'transferred' || change.reason === 'assigned') {
		const to = { by, name: change.name ?? '' };
		if (change.to === 'queue') return { icon: 'transfer', words: t('move.passedOn', to) };
		return { icon: 'transfer', words: t(`move.${change.reason}`, to) };
	}
	if (change.to === 'queue')
		return { icon: 'arrow', words: t(change.from === 'agent' ? 'move.agentQueue' : 'move.botQueue') };
	if (change.to === 'agent') return { icon: 'check', words: t('move.took', { name: change.name || by }) };
	return { icon: 'transfer', words: t('move.released', { name: by }) };
}

/** What the customer was told, in short. */
export function noticeWords(notice: Notice): string {
	const time = notice.promised ? due(notice.promised, Date.now()) : '';
	if (notice.kind === 'promise') return t('notice.promise', { email: notice.email ?? '', time });
	if (notice.kind === 'verify') return t('notice.verify');
	if (notice.kind === 'verified') return t('notice.verified', { email: notice.email ?? '' });
	if (notice.kind === 'mailed') return t('notice.mailed', { email: notice.email ?? '' });
	if (notice.kind === 'transcript') return t('notice.transcript', { email: notice.email ?? '' });
	if (notice.kind === 'undelivered') return t('notice.undelivered', { email: notice.email ?? '' });
	if (notice.kind === 'overdue') return t('notice.overdue', { time });
	if (notice.kind === 'offline') return time ? t('notice.offline', { time }) : t('notice.offlineNoTime');
	const place = notice.place ? t('notice.place', { place: ordinal(notice.place), n: notice.place }) : '';
	const range =
		notice.min_minutes !== undefined && notice.max_minutes
			? t('notice.range', { min: notice.min_minutes, max: notice.max_minutes })
			: '';
	return [place, range].filter(Boolean).join(', ') || t('notice.queued');
}

interface SystemLineProps {
	icon: IconName;
	at: string;
	strong?: string;
	words: string;
}

export function SystemLine({ icon, at, strong, words }: SystemLineProps) {
	return (
		<p className="system">
			<Icon name={icon} size={14} />
			<span>
				{strong && <b>{strong} </b>}
				<time dateTime={at}>{clock(at)}</time>
				{words && `. ${words}`}
			</span>
		</p>
	);
}
