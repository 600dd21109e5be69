import { Link } from 'wouter';
import type { ViewName } from '../../api';
import { customerName, due, language, minutes, when } from '../../format';
import type { ConversationRow } from '../../protocol';
import { t, tn } from '../../text';
import { Icon } from '../../ui/Icon';
import { Tag } from '../../ui/parts';
import { causeWords, ReasonTag } from './ReasonTag';
import { isForeign } from './Translation';
import { useFilters } from './useFilters';

interface RowProps {
	row: ConversationRow;
	view: ViewName;
	isOpen: boolean;
	unread: boolean;
	now: number;
	/** The agent's own id. */
	me: string;
}

export function Row({ row, view, isOpen, unread, now, me }: RowProps) {
	const { search } = useFilters();
	return (
		<Link
			to={`/inbox/${view}/${row.id}${search}`}
			id={`row-${row.id}`}
			className={`cv${unread ? ' new' : ''}${isOpen ? ' on' : ''}`}
			aria-current={isOpen ? 'true' : undefined}
		>
			<span className="cv-dot">{unread && <span className="sr">{t('row.unread')}</span>}</span>
			<span className="cv-name">
				<span className="cut">{customerName(row.customer_name)}</span>
				<Icon name={row.email ? 'mail' : 'globe'} size={14} />
				<span className="sr">{t(row.email ? 'channel.mail' : 'channel.web')}</span>
			</span>
			<Time row={row} now={now} />
			<span className="cv-words cut">{lastWords(row, view, me)}</span>
			<Tags row={row} view={view} now={now} />
		</Link>
	);
}

/**
 * What was said last, and by whom when it was not the customer. Who picks what waits wants to know what
 * the customers need: there it is their words, not those with which the bot passed each of them on.
 */
function lastWords(row: ConversationRow, view: ViewName, me: string): string {
	const picks = view === 'queue' || (view === 'team' && row.owner === 'queue');
	if (picks && row.last_from !== 'customer' && row.subject) return row.subject;
	const text = row.last_text || row.subject;
	if (row.last_from === 'bot') return t('row.bot', { text });
	if (row.last_from === 'agent' && row.agent === me) return t('row.you', { text });
	if (row.last_from === 'agent') return t('row.agent', { name: row.agent_name || t('row.someone'), text });
	return text;
}

function Time({ row, now }: { row: ConversationRow; now: number }) {
	if (row.owner === 'queue' && row.waiting_since && row.status === 'open') {
		const wait = minutes(now - Date.parse(row.waiting_since));
		const urgent = row.priority === 'urgent';
		return (
			<span className={`cv-time${urgent ? ' hot' : wait >= 4 ? ' warm' : ''}`}>
				<span className="sr">{t('row.waits')} </span>
				{waitWords(wait)}
			</span>
		);
	}
	return (
		<time className="cv-time" dateTime={row.updated_at}>
			{when(row.updated_at, now)}
		</time>
	);
}

function waitWords(wait: number): string {
	if (wait === 0) return t('time.now');
	return wait < 60 ? tn('time.min', wait) : t('time.hours', { hours: Math.floor(wait / 60), minutes: wait % 60 });
}

function Tags({ row, view, now }: { row: ConversationRow; view: ViewName; now: number }) {
	const ahead = row.owner !== 'bot' && row.status === 'open' && causeWords(row.priority_why);
	const tags = [
		row.snoozed_until && (
			<Tag key="snoozed" icon="moon">
				{t('row.snoozed', { time: due(row.snoozed_until, now) })}
			</Tag>
		),
		row.team_name && row.status === 'open' && (
			<Tag key="team" tone="line" icon="people">
				<span className="sr">{t('row.team', { name: '' })}</span>
				{row.team_name}
			</Tag>
		),
		// One of the two: why it comes ahead says more, and a row holds few words.
		ahead ? (
			<Tag key="cause" tone="line" icon="up">
				<span className="sr">{t('row.ahead')} </span>
				{ahead}
			</Tag>
		) : (
			row.reason && row.owner !== 'bot' && <ReasonTag key="reason" reason={row.reason} quiet />
		),
		row.promised && row.status === 'open' && <PromiseTag key="promise" at={row.promised} now={now} />,
		(view === 'all' || view === 'team') && <Owner key="owner" row={row} />,
		view === 'closed' && row.outcome && (
			<Tag key="outcome" tone="line">
				{t(`outcome.${row.outcome as 'solved'}`)}
			</Tag>
		),
		view === 'closed' && row.rating > 0 && (
			<Tag key="rating" tone="line">
				{t('row.rated', { score: row.rating })}
			</Tag>
		),
		isForeign(row.locale) && (
			<Tag key="locale" tone="line">
				{language(row.locale.split('-')[0] ?? row.locale)}
			</Tag>
		),
		...(row.tags ?? []).map((name) => (
			<Tag key={`tag-${name}`} tone="line">
				{name}
			</Tag>
		)),
	].filter(Boolean);
	return <span className="cv-tags">{tags.slice(0, 3)}</span>;
}

function Owner({ row }: { row: ConversationRow }) {
	if (row.status === 'closed') return <Tag>{t('owner.closed')}</Tag>;
	if (row.owner === 'bot') return <Tag tone="bot">{t('owner.bot')}</Tag>;
	if (row.owner === 'agent') return <Tag tone="agent">{row.agent_name}</Tag>;
	return <Tag tone="line">{t('owner.queue')}</Tag>;
}

function PromiseTag({ at, now }: { at: string; now: number }) {
	const left = Date.parse(at) - now;
	if (left < 0) return <Tag tone="bad">{t('promise.overdue', { time: due(at, now) })}</Tag>;
	return (
		<Tag tone="warn" icon="receipt">
			{left < 3_600_000 ? tn('promise.dueIn', minutes(left)) : t('promise.dueBy', { time: due(at, now) })}
		</Tag>
	);
}
