import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps as AriaProps } from 'react-aria-components/Button';
import { Tooltip, TooltipTrigger } from 'react-aria-components/Tooltip';
import { Link } from 'wouter';
import { Icon, type IconName } from './Icon';
import { Kbd } from './parts';

interface ButtonProps extends Omit<AriaProps, 'children' | 'className'> {
	kind?: 'default' | 'primary' | 'quiet' | 'danger';
	icon?: IconName;
	/** The key that does the same. */
	hint?: string;
	/** Work is under way: the button keeps its size and its words. */
	busy?: boolean;
	wide?: boolean;
	children: ReactNode;
}

const classOf = (kind: string, wide?: boolean) => `btn btn-${kind}${wide ? ' btn-wide' : ''}`;

export function Button({ kind = 'default', icon, hint, busy, wide, children, ...rest }: ButtonProps) {
	return (
		<AriaButton {...rest} isPending={busy} className={classOf(kind, wide)}>
			{busy ? <span className="ring" /> : icon && <Icon name={icon} />}
			<span>{children}</span>
			{hint && <Kbd>{hint}</Kbd>}
		</AriaButton>
	);
}

/** A link that looks like a button, because it leads somewhere. */
export function ButtonLink({
	to,
	kind = 'default',
	icon,
	children,
}: {
	to: string;
	kind?: 'default' | 'primary' | 'quiet';
	icon?: IconName;
	children: ReactNode;
}) {
	return (
		<Link to={to} className={classOf(kind)}>
			{icon && <Icon name={icon} />}
			<span>{children}</span>
		</Link>
	);
}

interface IconButtonProps extends Omit<AriaProps, 'children' | 'className'> {
	icon: IconName;
	/** What it does, and the key that does the same: its name and its tooltip. */
	label: string;
	pressed?: boolean;
}

export function IconButton({ icon, label, pressed, ...rest }: IconButtonProps) {
	return (
		<TooltipTrigger delay={400} closeDelay={0}>
			<AriaButton {...rest} aria-label={label} aria-pressed={pressed} className={`iconbtn${pressed ? ' on' : ''}`}>
				<Icon name={icon} />
			</AriaButton>
			<Tooltip className="tooltip" offset={6}>
				{label}
			</Tooltip>
		</TooltipTrigger>
	);
}
