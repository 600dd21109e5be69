import type { ReactNode } from 'react';
import { initials } from '../format';
import type { PresenceState } from '../protocol';
import { t } from '../text';
import { Icon, type IconName } from './Icon';
import { Mark } from './Mark';

export type Tone = 'plain' | 'line' | 'ok' | 'warn' | 'bad' | 'info' | 'bot' | 'agent' | 'accent';

export function Tag({ tone = 'plain', icon, children }: { tone?: Tone; icon?: IconName; children: ReactNode }) {
	return (
		<span className={`tag tag-${tone}`}>
			{icon && <Icon name={icon} size={14} />}
			<span className="cut">{children}</span>
		</span>
	);
}

export function Kbd({ children }: { children: ReactNode }) {
	return <kbd>{children}</kbd>;
}

export function Count({ n, hot = false }: { n: number; hot?: boolean }) {
	return <span className={`count${hot ? ' hot' : ''}`}>{n > 99 ? '99+' : n}</span>;
}

interface FaceProps {
	name: string;
	/** Id of the photo, if there is one. */
	photo?: string | undefined;
	bot?: boolean;
	size?: 's' | 'm' | 'l';
}

/** A person's photo or initials, or the bot's mark. The name stands beside it. */
export function Face({ name, photo, bot = false, size = 'm' }: FaceProps) {
	if (photo) return <img className={`face face-${size}`} src={`/v1/photos/${photo}`} alt="" />;
	return (
		<span className={`face face-${size}${bot ? ' face-bot' : ''}`} aria-hidden="true">
			{bot ? <Mark /> : initials(name)}
		</span>
	);
}

/** Filled: online. A ring: away or offline. The word stands beside it. */
export function Dot({ state }: { state: PresenceState }) {
	return <span className={`dot dot-${state}`} aria-hidden="true" />;
}

/** Lines that have the size of what is to come. */
export function Bone({ width = '100%', height = 10 }: { width?: string; height?: number }) {
	return <span className="bone" style={{ inlineSize: width, blockSize: height }} />;
}

export function Empty({
	icon,
	title,
	children,
	action,
	level = 2,
}: {
	icon: IconName;
	title: string;
	children?: ReactNode;
	action?: ReactNode;
	level?: 1 | 2;
}) {
	const Heading = level === 1 ? 'h1' : 'h2';
	return (
		<div className="empty">
			<span className="empty-icon">
				<Icon name={icon} size={20} />
			</span>
			<Heading>{title}</Heading>
			{children && <p>{children}</p>}
			{action && <div className="empty-action">{action}</div>}
		</div>
	);
}

/** Words in place, beside what they are about. */
export function Notice({
	tone,
	children,
	action,
}: {
	tone: 'bad' | 'warn' | 'info' | 'ok';
	children: ReactNode;
	action?: ReactNode;
}) {
	const icons = { bad: 'alert', warn: 'alert', info: 'clock', ok: 'done' } as const;
	return (
		<div className={`notice notice-${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
			<Icon name={icons[tone]} />
			<div className="notice-words">{children}</div>
			{action && <div className="notice-action">{action}</div>}
		</div>
	);
}

/** A failure that leaves nothing else to show. */
export function Failure({ title, children, retry }: { title: string; children: ReactNode; retry?: ReactNode }) {
	return (
		<div role="alert" className="fill">
			<Empty icon="alert" title={title} action={retry}>
				{children}
			</Empty>
		</div>
	);
}

export function PresenceWord({ state }: { state: PresenceState }) {
	return <>{t(`presence.${state}`)}</>;
}
