import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { useMedia } from '../../context';
import { t } from '../../text';
import { IconButton } from '../../ui/Button';

interface HeadProps {
	title: string;
	/** Where Back leads: without one to the list of areas, which only a phone needs. */
	back?: { to: string; label: string };
	/** Beside the title: a status, when it was saved. */
	aside?: ReactNode;
	/** The page's own ways and its actions, at the end. */
	children?: ReactNode;
}

/** The head of every page of Settings. */
export function Head({ title, back, aside, children }: HeadProps) {
	const [, navigate] = useLocation();
	const phone = useMedia('(max-width: 767px)');
	const way = back ?? (phone ? { to: '/settings', label: t('settings.toList') } : undefined);
	return (
		<header className="page-head">
			{way && <IconButton icon="back" label={way.label} onPress={() => navigate(way.to)} />}
			<h1 className="cut">{title}</h1>
			{aside}
			<div className="page-acts">{children}</div>
		</header>
	);
}
