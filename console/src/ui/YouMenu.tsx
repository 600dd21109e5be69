import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Header } from 'react-aria-components/Header';
import { Menu, MenuItem, MenuSection, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { Separator } from 'react-aria-components/Separator';
import { useLocation } from 'wouter';
import { problemOf } from '../api';
import { useDesk, useMe, useMedia } from '../context';
import { chosenLanguage, type Language, languages } from '../language';
import { notifying, permitted } from '../state/notifying';
import { useStore } from '../state/store';
import { t } from '../text';
import { Confirm } from './Dialog';
import { Icon, type IconName } from './Icon';
import { singleKeys } from './keys';
import { Dot, Face, Notice } from './parts';
import { type Theme, theme } from './theme';

/** A page of the console, in the rail or the tab bar. */
export interface Place {
	to: 'inbox' | 'promises' | 'knowledge' | 'insight' | 'team' | 'settings';
	icon: IconName;
	count?: number;
	/** On a phone it is in the menu behind "You": the bar has room for five. */
	far?: boolean;
}

/** Oneself: name, presence, how the screen looks and listens, and the way out. */
export function YouMenu({ far, onKeys }: { far: Place[]; onKeys: () => void }) {
	const desk = useDesk();
	const { user } = useMe();
	const presence = useStore(desk.myPresence);
	const [, navigate] = useLocation();
	const [leaving, setLeaving] = useState(false);
	const [problem, setProblem] = useState<string>();
	const look = useStore(theme);
	const language = useStore(chosenLanguage);
	const letters = useStore(singleKeys);
	const told = useStore(notifying);
	const [denied, setDenied] = useState(false);
	const notify = async (ways: unknown[]) => {
		const browser = ways.includes('browser');
		notifying.set({ browser: browser && told.browser, sound: ways.includes('sound') });
		if (!browser || told.browser) return;
		const may = await permitted();
		notifying.update((now) => ({ ...now, browser: may }));
		setDenied(!may);
	};
	const isPhone = useMedia('(max-width: 767px)');
	const signOut = () => desk.signOut().catch((thrown) => setProblem(problemOf(thrown).message));
	return (
		<>
			<MenuTrigger>
				<Button className="you" aria-label={t('you.menu', { name: user.name, state: t(`presence.${presence}`) })}>
					<Face name={user.name} photo={user.photo} size="l" />
					<Dot state={presence} />
					<span className="place-name">{t('you.short')}</span>
				</Button>
				<Popover className="menu" placement="right bottom" offset={8}>
					<div className="menu-head">
						<b className="cut">{user.name}</b>
						<span className="cut">
							{user.email}, {t(`role.${user.role}`)}
						</span>
					</div>
					<Menu
						className="menu-list"
						onAction={(key) => {
							if (key === 'keys') onKeys();
							if (key === 'out') setLeaving(true);
							if (key === 'account' || far.some(({ to }) => to === key)) navigate(`/${key}`);
						}}
					>
						{isPhone &&
							far.map(({ to }) => (
								<MenuItem key={to} id={to} className="menu-item">
									{t(`nav.${to}`)}
								</MenuItem>
							))}
						{isPhone && <Separator className="menu-line" />}
						<MenuSection
							selectionMode="single"
							disallowEmptySelection
							selectedKeys={[look]}
							onSelectionChange={(keys) => theme.set([...keys][0] as Theme)}
						>
							<Header className="menu-section">{t('you.theme')}</Header>
							{(['system', 'light', 'dark'] as const).map((value) => (
								<MenuItem key={value} id={value} className="menu-item">
									<span className="grow">{t(`theme.${value}`)}</span>
									<Icon name="check" size={14} />
								</MenuItem>
							))}
						</MenuSection>
						<Separator className="menu-line" />
						<MenuSection
							selectionMode="single"
							disallowEmptySelection
							selectedKeys={[`language.${language}`]}
							onSelectionChange={(keys) =>
								chosenLanguage.set(String([...keys][0]).slice('language.'.length) as Language | '')
							}
						>
							<Header className="menu-section">{t('you.language')}</Header>
							<MenuItem id="language." className="menu-item">
								<span className="grow">{t('you.browserLanguage')}</span>
								<Icon name="check" size={14} />
							</MenuItem>
							{languages.map(({ tag, name }) => (
								<MenuItem key={tag} id={`language.${tag}`} className="menu-item" textValue={name}>
									<span className="grow" lang={tag}>
										{name}
									</span>
									<Icon name="check" size={14} />
								</MenuItem>
							))}
						</MenuSection>
						<Separator className="menu-line" />
						<MenuSection
							selectionMode="multiple"
							selectedKeys={[...(told.browser ? ['browser'] : []), ...(told.sound ? ['sound'] : [])]}
							onSelectionChange={(keys) => void notify(keys === 'all' ? ['browser', 'sound'] : [...keys])}
						>
							<Header className="menu-section">{t('notify.title')}</Header>
							{(['browser', 'sound'] as const).map((way) => (
								<MenuItem key={way} id={way} className="menu-item">
									<span className="grow">{t(`notify.${way}`)}</span>
									<Icon name="check" size={14} />
								</MenuItem>
							))}
						</MenuSection>
						<Separator className="menu-line" />
						<MenuSection
							selectionMode="multiple"
							selectedKeys={letters ? ['letters'] : []}
							onSelectionChange={(keys) => singleKeys.set(keys === 'all' || keys.has('letters'))}
							aria-label={t('you.keyboard')}
						>
							<MenuItem id="letters" className="menu-item">
								<span className="grow">{t('you.letters')}</span>
								<Icon name="check" size={14} />
							</MenuItem>
						</MenuSection>
						<MenuItem id="keys" className="menu-item">
							<span className="grow">{t('you.keys')}</span>
							<kbd>?</kbd>
						</MenuItem>
						<Separator className="menu-line" />
						<MenuItem id="account" className="menu-item">
							{t('you.account')}
						</MenuItem>
						<MenuItem id="out" className="menu-item">
							{t('you.signOut')}
						</MenuItem>
					</Menu>
				</Popover>
			</MenuTrigger>
			<Confirm
				title={t('notify.title')}
				action={t('conv.understood')}
				isOpen={denied}
				onConfirm={() => setDenied(false)}
				onClose={() => setDenied(false)}
			>
				{t('notify.denied')}
			</Confirm>
			<Confirm
				title={t('you.signOutTitle')}
				action={t('you.signOut')}
				isOpen={leaving}
				onConfirm={signOut}
				onClose={() => setLeaving(false)}
			>
				{problem ? <Notice tone="bad">{problem}</Notice> : t('you.signOutWords')}
			</Confirm>
		</>
	);
}
