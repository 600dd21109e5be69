import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react';
import { Dialog as AriaDialog } from 'react-aria-components/Dialog';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { useLocation } from 'wouter';
import { isAbort } from '../api';
import { type Command, type CommandName, commands, handlerOf } from '../commands';
import { useDesk, useMe } from '../context';
import { customerName } from '../format';
import type { Article, Macro, User } from '../protocol';
import { can, views } from '../state/inbox';
import { matching } from '../state/macros';
import { useStore } from '../state/store';
import { linkTo } from '../state/talk';
import { type Key, t } from '../text';
import { addressOf } from '../views';
import { Icon, type IconName } from './Icon';
import { keyCaps, modKey } from './keys';
import { Kbd, Tag } from './parts';

interface Line {
	id: string;
	icon: IconName;
	words: ReactNode;
	aside?: ReactNode;
	keys?: string[];
	run: () => void;
	/** With Alt: another thing to do with it. */
	other?: () => void;
}

interface Section {
	name: Key;
	lines: Line[];
}

// What a sign at the beginning narrows the search to.
const only: Record<string, string> = { '>': 'palette.actions', '/': 'palette.macros', '@': 'palette.people' };
const most = 6;
const searchAfter = 150;

/**
 * Finds and does anything: what can be done now, canned replies, articles, conversations, people and pages. Begun is what
 * was typed while it came.
 */
export default function Palette({ begun, onClose }: { begun: string; onClose: () => void }) {
	const desk = useDesk();
	const open = useStore(desk.opened);
	const name = useStore(desk.threads, (threads) => customerName(threads[open]?.view?.customer_name));
	const [words, setWords] = useState(begun);
	const [at, setAt] = useState(0);
	const id = useId();
	const list = useRef<HTMLDivElement>(null);
	const sign = only[words[0] ?? ''];
	const query = (sign ? words.slice(1) : words).trim();
	const sections = useSections(query, Boolean(open)).filter(
		(section) => section.lines.length > 0 && (!sign || section.name === sign),
	);
	const lines = sections.flatMap((section) => section.lines);
	const chosen = Math.min(at, lines.length - 1);
	// biome-ignore lint/correctness/useExhaustiveDependencies: other words begin at the first line.
	useEffect(() => setAt(0), [words]);
	useEffect(() => {
		list.current?.querySelector(`[id="${id}-${chosen}"]`)?.scrollIntoView({ block: 'nearest' });
	}, [id, chosen]);

	const run = (line: Line | undefined, other: boolean) => {
		const act = other ? line?.other : line?.run;
		if (!act) return;
		onClose();
		// The dialog gives the focus back first; what is done may want it elsewhere.
		setTimeout(act);
	};
	const onKeyDown = (event: KeyboardEvent) => {
		if (event.nativeEvent.isComposing) return;
		const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
		if (step && lines.length > 0) setAt((chosen + step + lines.length) % lines.length);
		else if (event.key === 'Enter') run(lines[chosen], event.altKey);
		else return;
		event.preventDefault();
	};
	let n = -1;
	return (
		<ModalOverlay className="scrim" isOpen onOpenChange={(next) => !next && onClose()} isDismissable>
			<Modal className="dialog palette">
				<AriaDialog className="palette-in" aria-label={t('palette.label')}>
					<div className="palette-top">
						<Icon name="search" />
						<input
							className="palette-input"
							role="combobox"
							aria-expanded={lines.length > 0}
							aria-controls={`${id}-list`}
							aria-activedescendant={lines.length > 0 ? `${id}-${chosen}` : undefined}
							aria-autocomplete="list"
							aria-label={t('palette.label')}
							placeholder={t('palette.placeholder')}
							// biome-ignore lint/a11y/noAutofocus: a dialog that is one field.
							autoFocus
							dir="auto"
							value={words}
							onChange={(event) => setWords(event.target.value)}
							onKeyDown={onKeyDown}
						/>
						{name && <Tag>{name}</Tag>}
					</div>
					<div className="palette-list" id={`${id}-list`} role="listbox" aria-label={t('palette.label')} ref={list}>
						{sections.map((section) => (
							// biome-ignore lint/a11y/useSemanticElements: a group of options has no element of its own.
							<div key={section.name} role="group" aria-labelledby={`${id}-${section.name}`}>
								<div className="palette-section" id={`${id}-${section.name}`} role="presentation">
									{t(section.name)}
								</div>
								{section.lines.map((line) => {
									n++;
									const mine = n;
									return (
										// biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and its keys.
										<div
											key={line.id}
											id={`${id}-${mine}`}
											role="option"
											tabIndex={-1}
											aria-selected={mine === chosen}
											className="palette-line"
											onPointerDown={(event) => event.preventDefault()}
											onClick={() => run(line, false)}
										>
											<Icon name={line.icon} />
											<span className="cut">{line.words}</span>
											{line.aside}
											{line.keys && (
												<span className="palette-keys">
													{line.keys.map((key) => (
														<Kbd key={key}>{key}</Kbd>
													))}
												</span>
											)}
										</div>
									);
								})}
							</div>
						))}
					</div>
					{lines.length === 0 && <p className="palette-none">{t('palette.none')}</p>}
					<footer className="palette-foot" aria-hidden="true">
						<span>
							<Kbd>↑</Kbd>
							<Kbd>↓</Kbd> {t('palette.move')}
						</span>
						<span>
							<Kbd>↵</Kbd> {t('palette.run')}
						</span>
						{open && (
							<span>
								<Kbd>{modKey === '⌘' ? '⌥' : 'Alt'}</Kbd>
								<Kbd>↵</Kbd> {t('palette.link')}
							</span>
						)}
						<span className="palette-hint">{t('palette.hint')}</span>
					</footer>
				</AriaDialog>
			</Modal>
		</ModalOverlay>
	);
}

function useSections(query: string, open: boolean): Section[] {
	const desk = useDesk();
	const { user } = useMe();
	const [, navigate] = useLocation();
	const macros = useStore(desk.talk.macros) ?? [];
	const people = useStore(desk.talk.people) ?? [];
	const saved = useStore(desk.views.list);
	const articles = useArticles(query);
	const conversations = useConversations(query);
	// What can be done is what could be when the palette was opened: the dialog itself binds keys.
	const able = useMemo(
		() => (Object.keys(commands) as CommandName[]).map((name) => [name, handlerOf(name)] as const),
		[],
	);
	useEffect(() => {
		void desk.talk.loadPeople().catch(() => undefined);
		desk.talk.refreshMacros();
	}, [desk]);
	const go = (to: string) => () => navigate(to);
	const insert = desk.talk.compose;
	const q = query.toLowerCase();

	const actions = able.flatMap(([id, handler]): Line[] => {
		const command: Command = commands[id];
		const words = t(command.words);
		if (!handler || command.unlisted || !words.toLowerCase().includes(q)) return [];
		return [
			{
				id,
				icon: command.icon ?? 'right',
				words: <Found words={words} q={q} />,
				keys: command.keys?.[0] ? keyCaps(command.keys[0]) : undefined,
				run: () => handler(),
			},
		];
	});
	const replies =
		open && insert
			? (q ? matching(macros, q) : macros).slice(0, most).map(
					(macro: Macro): Line => ({
						id: macro.id,
						icon: 'slash',
						words: <Found words={`/${macro.code}`} q={q} />,
						aside: <span className="palette-aside cut">{macro.text}</span>,
						run: () => desk.talk.compose?.insert({ text: macro.text, macro }),
					}),
				)
			: [];
	const found = articles.map((article): Line => {
		const link = insert && linkTo(article);
		return {
			id: article.id,
			icon: 'book',
			words: <Found words={article.title} q={q} />,
			aside:
				article.visibility === 'internal' ? (
					<Tag icon="lock">{t('palette.internal')}</Tag>
				) : (
					<Tag tone="ok">{`v${article.number}`}</Tag>
				),
			run: go(`/knowledge/${article.id}`),
			other: open && link ? () => desk.talk.compose?.insert(link) : undefined,
		};
	});
	const staff =
		q || open ? people.filter((each) => each.id !== user.id && each.name.toLowerCase().includes(q)).slice(0, most) : [];
	const pages = pagesOf(user).filter((page) => page.words.toLowerCase().includes(q));
	return [
		{ name: 'palette.actions', lines: actions },
		{
			name: 'keys.views',
			lines: saved
				.filter((each) => each.name.toLowerCase().includes(q))
				.slice(0, most)
				.map((each) => ({
					id: each.id,
					icon: 'inbox',
					words: <Found words={each.name} q={q} />,
					run: go(addressOf(each)),
				})),
		},
		{ name: 'palette.macros', lines: replies },
		{ name: 'palette.articles', lines: found },
		{
			name: 'palette.conversations',
			lines: conversations.map((each) => ({ ...each, words: <Found words={each.text} q={q} />, run: go(each.to) })),
		},
		{
			name: 'palette.people',
			lines: staff.map((each) => ({
				id: each.id,
				icon: 'at',
				words: <Found words={each.name} q={q} />,
				run: open && insert ? () => desk.talk.compose?.insert({ text: '', mention: each }) : go('/team'),
			})),
		},
		{
			name: 'palette.pages',
			lines: pages.map((page) => ({
				id: page.to,
				icon: page.icon,
				words: <Found words={page.words} q={q} />,
				run: go(page.to),
			})),
		},
	];
}

interface Talked {
	id: string;
	icon: IconName;
	text: string;
	to: string;
	aside?: ReactNode;
}

/** Conversations in which these words were said, or of a customer of that name. */
function useConversations(query: string): Talked[] {
	const { api } = useDesk();
	const [found, setFound] = useState<Talked[]>([]);
	useEffect(() => {
		const q = query.trim();
		if (q.length < 2) {
			setFound([]);
			return;
		}
		const abort = new AbortController();
		const timer = setTimeout(() => {
			api
				.searchConversations(q, most, '', abort.signal)
				.then((list) =>
					setFound(
						(list.data ?? []).map(({ id, customer_name, excerpt, status }) => ({
							id,
							icon: 'chat',
							text: `${customerName(customer_name)}: ${(excerpt ?? []).map((piece) => piece.text).join('')}`,
							to: `/inbox/${status === 'closed' ? 'closed' : 'all'}/${id}`,
						})),
					),
				)
				.catch((thrown) => !isAbort(thrown) && setFound([]));
		}, searchAfter);
		return () => {
			clearTimeout(timer);
			abort.abort();
		};
	}, [api, query]);
	return found;
}

function useArticles(query: string): Article[] {
	const { api } = useDesk();
	const [articles, setArticles] = useState<Article[]>([]);
	useEffect(() => {
		if (query.length < 2) {
			setArticles([]);
			return;
		}
		const abort = new AbortController();
		const timer = setTimeout(() => {
			api
				.articles({ q: query, status: 'published' }, most, '', abort.signal)
				.then((list) => setArticles(list.data ?? []))
				.catch((thrown) => !isAbort(thrown) && setArticles([]));
		}, searchAfter);
		return () => {
			clearTimeout(timer);
			abort.abort();
		};
	}, [api, query]);
	return articles;
}

function pagesOf(user: User): { to: string; icon: IconName; words: string }[] {
	return [
		...views.map((view) => ({
			to: `/inbox/${view}`,
			icon: 'inbox' as const,
			words: t('palette.view', { name: t(`view.${view}`) }),
		})),
		{ to: '/inbox/mentions', icon: 'at', words: t('mentions.title') },
		{ to: '/knowledge', icon: 'book', words: t('nav.knowledge') },
		{ to: '/knowledge/gaps', icon: 'search', words: t('gaps.title') },
		{ to: '/team', icon: 'people', words: t('nav.team') },
		...(can(user.role, 'agent')
			? [{ to: '/settings/macros', icon: 'slash' as const, words: t('settings.macros') }]
			: []),
		...(can(user.role, 'admin') ? [{ to: '/settings', icon: 'sliders' as const, words: t('nav.settings') }] : []),
	];
}

/** Words with what was searched for in bold. */
function Found({ words, q }: { words: string; q: string }) {
	const from = q ? words.toLowerCase().indexOf(q) : -1;
	if (from < 0) return <>{words}</>;
	return (
		<>
			{words.slice(0, from)}
			<b className="palette-found">{words.slice(from, from + q.length)}</b>
			{words.slice(from + q.length)}
		</>
	);
}
