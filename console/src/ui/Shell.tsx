import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useCommands } from '../commands';
import { useDesk, useMe, useNow } from '../context';
import { OfferCard } from '../pages/inbox/OfferCard';
import { can } from '../state/inbox';
import { notifying } from '../state/notifying';
import { useStore } from '../state/store';
import { t, tn } from '../text';
import { Button, IconButton } from './Button';
import { Icon } from './Icon';
import { KeyList } from './KeyList';
import { modKey, nextPane } from './keys';
import { Mark } from './Mark';
import { ModelNotice } from './ModelNotice';
import { Count, Notice } from './parts';
import { type Place, YouMenu } from './YouMenu';

const loadPalette = () => import('./Palette');
const Palette = lazy(loadPalette);

/** What stands around every page: the rail (on a phone the tab bar), the demo's and the connection's banners. */
export function Shell({ children, bare }: { children: ReactNode; bare: boolean }) {
	const desk = useDesk();
	const [keysShown, showKeys] = useState(false);
	const [paletteShown, showPalette] = useState(false);
	const [, navigate] = useLocation();
	const queue = useStore(desk.inbox, (inbox) => inbox.queue);
	const { user } = useMe();
	const places: Place[] = [
		{ to: 'inbox', icon: 'inbox', count: queue },
		{ to: 'promises', icon: 'receipt' },
		{ to: 'knowledge', icon: 'book' },
		{ to: 'insight', icon: 'chart' },
		{ to: 'team', icon: 'people', far: true },
	];
	if (can(user.role, 'admin') || can(user.role, 'agent')) places.push({ to: 'settings', icon: 'sliders', far: true });
	useNotifier();
	useCommands({
		palette: () => showPalette(true),
		mentions: () => navigate('/inbox/mentions'),
		keys: () => showKeys(true),
		pane: (event) => nextPane(event?.shiftKey ?? false),
	});
	return (
		<div className={`app${bare ? ' bare' : ''}`}>
			<nav className="rail" aria-label={t('nav.main')} data-pane>
				<span className="rail-mark">
					<Mark />
				</span>
				<ul>
					{places.map((place) => (
						<li key={place.to} className={place.far ? 'far' : undefined}>
							<PlaceLink {...place} />
						</li>
					))}
				</ul>
				<div className="rail-end">
					<IconButton
						icon="search"
						label={t('palette.open', { keys: `${modKey} K` })}
						onPress={() => showPalette(true)}
					/>
					<YouMenu far={places.filter((place) => place.far)} onKeys={() => showKeys(true)} />
				</div>
			</nav>
			<div className="app-page">
				<Connection />
				<ModelNotice />
				{children}
			</div>
			<OfferCard />
			{paletteShown && <PaletteDoor onClose={() => showPalette(false)} />}
			<KeyList isOpen={keysShown} onClose={() => showKeys(false)} />
		</div>
	);
}

/** The palette, and what takes its keys while it comes: they must not be commands to the page. */
function PaletteDoor({ onClose }: { onClose: () => void }) {
	const [begun, setBegun] = useState('');
	return (
		<Suspense
			fallback={
				<input
					className="sr"
					aria-label={t('palette.label')}
					// biome-ignore lint/a11y/noAutofocus: it stands for a dialog that is one field.
					autoFocus
					value={begun}
					onChange={(event) => setBegun(event.target.value)}
				/>
			}
		>
			<Palette begun={begun} onClose={onClose} />
		</Suspense>
	);
}

/** Tells what happens elsewhere, for as long as somebody is signed in. What it takes comes when it is first wanted. */
function useNotifier() {
	const desk = useDesk();
	const [, navigate] = useLocation();
	const wanted = useStore(notifying, ({ browser, sound }) => browser || sound);
	// biome-ignore lint/correctness/useExhaustiveDependencies: navigate is the same one under another name each time.
	useEffect(() => {
		let over = false;
		let stop = () => {};
		if (wanted) {
			void import('../notify').then(({ Notifier }) => {
				if (!over) stop = new Notifier(desk, navigate).start();
			});
		}
		return () => {
			over = true;
			stop();
		};
	}, [desk, wanted]);
}

function PlaceLink({ to: place, icon, count = 0 }: Place) {
	const to = `/${place}`;
	const [location] = useLocation();
	const here = location === to || location.startsWith(`${to}/`);
	return (
		<Link
			to={to}
			className={`place${here ? ' on' : ''}`}
			aria-current={here ? 'page' : undefined}
			title={t(`nav.${place}`)}
		>
			<Icon name={icon} size={20} />
			{/* A tab is narrow: there the name is a short one. */}
			<span className="place-name">{t(`tab.${place}`)}</span>
			{count > 0 && (
				<>
					<Count n={count} />
					<span className="sr">{tn('nav.waiting', count)}</span>
				</>
			)}
		</Link>
	);
}

function Connection() {
	const desk = useDesk();
	const me = useMe();
	const link = useStore(desk.link);
	const now = useNow(1_000);
	if (link.phase === 'over') {
		return (
			<div className="banner">
				<Notice tone="warn" action={<Button onPress={() => location.reload()}>{t('link.reload')}</Button>}>
					{t('link.over', { code: link.code })}
				</Notice>
			</div>
		);
	}
	// A reconnect of a moment is nobody's business.
	const seconds = link.phase === 'down' ? Math.floor((now - link.since) / 1000) : 0;
	if (seconds >= 2) {
		return (
			<div className="banner">
				<Notice tone="warn" action={<Button onPress={desk.retryNow}>{t('link.tryNow')}</Button>}>
					{seconds < 60 ? t('link.down', { seconds }) : t('link.downLong', { minutes: Math.floor(seconds / 60) })}
				</Notice>
			</div>
		);
	}
	return me.demo ? <p className="demo">{t('demo.words')}</p> : null;
}
