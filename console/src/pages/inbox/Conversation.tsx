import { type ReactNode, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { problemOf, type ViewName } from '../../api';
import { useCommands } from '../../commands';
import { useDesk, useLate, useMe, useMedia } from '../../context';
import { customerName } from '../../format';
import type { Suggestion } from '../../protocol';
import { can } from '../../state/inbox';
import { type Draft, draftKey, recall, remember, withSuggestion } from '../../state/memory';
import { useStore } from '../../state/store';
import type { Thread } from '../../state/thread';
import { t } from '../../text';
import { Button } from '../../ui/Button';
import { Failure, Notice } from '../../ui/parts';
import { Asides } from './Asides';
import { BriefBar, BriefCard } from './Brief';
import { lastOutcome } from './Close';
import { Composer, type ComposerHandle } from './Composer';
import { type Aside, Head, type Move, MoveButton, phone } from './Head';
import { KnownDialog } from './Known';
import { LogView } from './LogView';
import { ConversationBones } from './Skeleton';
import { useFilters } from './useFilters';
import { useWatch } from './Watchers';

/** Where the list and the conversation do not stand side by side. */
export const single = '(max-width: 1023px)';

interface ConversationProps {
	id: string;
	view: ViewName;
	panelShown: boolean;
	onPanel: () => void;
}

export function Conversation({ id, view, panelShown, onPanel }: ConversationProps) {
	const desk = useDesk();
	const thread = useStore(desk.threads, (threads) => threads[id]);
	// With the list goes the heading of the page.
	const heading = useMedia(single) && <h1 className="sr">{t('nav.inbox')}</h1>;
	const late = useLate(!thread?.view || !thread.loaded);
	if (thread?.problem && !(thread.view && thread.loaded)) {
		return (
			<main className="conv" data-pane>
				{heading}
				<Failure
					title={t(thread.problem.status === 404 ? 'conv.notFound' : 'conv.failed')}
					retry={
						thread.problem.status !== 404 && (
							<Button kind="primary" onPress={() => desk.loadThread(id)}>
								{t('conv.loadAgain')}
							</Button>
						)
					}
				>
					{thread.problem.message}
				</Failure>
			</main>
		);
	}
	if (!thread?.view || !thread.holding || !thread.loaded) {
		return (
			<main className="conv" data-pane aria-busy="true" aria-label={t('app.loading')}>
				{heading}
				{late && <ConversationBones />}
			</main>
		);
	}
	return <Loaded {...{ thread, view, panelShown, onPanel, heading }} />;
}

interface LoadedProps extends Omit<ConversationProps, 'id'> {
	thread: Thread;
	heading: ReactNode;
}

function Loaded({ thread, view, panelShown, onPanel, heading }: LoadedProps) {
	const desk = useDesk();
	const { user } = useMe();
	const [, navigate] = useLocation();
	const { search } = useFilters();
	const composer = useRef<ComposerHandle>(null);
	const [unfolded, setUnfolded] = useState<boolean | null>(null);
	const [busy, setBusy] = useState<string>();
	const [problem, setProblem] = useState<string>();
	const [asked, ask] = useState(false); // whether the bot should have known
	const [dialog, setDialog] = useState<Aside>();
	const { holding } = thread;
	const brief = thread.view?.handoff?.brief ?? null;
	const canAnswer = can(user.role, 'agent');
	const isMine = holding?.owner === 'agent' && holding.agent === user.id && holding.status === 'open';
	const isOpen = holding?.status === 'open';
	const isFree = isOpen && holding.owner !== 'agent';
	const isPhone = useMedia(phone);
	const moves = canAnswer ? movesOf(isOpen, isFree, isMine) : [];
	const snoozed = Boolean(thread.view?.snoozed_until);
	const aside: Aside[] = canAnswer && isOpen ? ['transfer'] : [];
	if (isFree || isMine) aside.push(isMine && snoozed ? 'wake' : 'snooze');
	// Before taking it the brief is what one reads; afterwards it is there to look up.
	const briefOpen = unfolded ?? (isOpen && holding.owner === 'queue');

	const move = async (to: Move | 'wake', more?: object) => {
		if (busy) return;
		setBusy(to);
		setProblem(undefined);
		try {
			await desk.move(thread.id, to, more);
			if (to === 'claim') {
				setUnfolded(null);
				navigate(`/inbox/mine/${thread.id}`, { replace: true });
				composer.current?.focus('reply');
			}
			if (to === 'close') navigate(`/inbox/${view}${search}`);
		} catch (thrown) {
			const after = desk.threads.get()[thread.id]?.holding;
			const taken = after?.owner === 'agent' && after.agent !== user.id && after.status === 'open';
			setProblem(taken ? t('conv.taken', { name: after.agentName || t('row.someone') }) : problemOf(thrown).message);
		} finally {
			setBusy(undefined);
		}
	};
	const onAside = (what: Aside) => (what === 'wake' ? void move('wake') : setDialog(what));
	const insert = (suggestion: Suggestion) => {
		if (composer.current) {
			composer.current.insert(suggestion);
			return;
		}
		// On a phone the composer comes with the conversation: it finds the reply in the draft.
		const draft = recall<Draft>(draftKey(thread.id), { text: '', note: false });
		remember(draftKey(thread.id), withSuggestion(draft, suggestion));
		void move('claim');
	};
	useWatch(thread.id);
	const suggested = canAnswer && isOpen ? brief?.suggested : null;

	useCommands({
		take: isFree && moves.includes('claim') ? () => void move('claim') : undefined,
		reply: canAnswer ? () => composer.current?.focus('reply') : undefined,
		note: canAnswer ? () => composer.current?.focus('note') : undefined,
		release: moves.includes('release') ? () => void move('release') : undefined,
		close: moves.includes('close') ? () => void move('close', { outcome: lastOutcome() }) : undefined,
		transfer: aside.includes('transfer') ? () => onAside('transfer') : undefined,
		snooze: aside[1] ? () => onAside(aside[1] as Aside) : undefined,
		insert: suggested ? () => insert(suggested) : undefined,
		gap: canAnswer ? () => ask(true) : undefined,
		fold: brief ? () => setUnfolded(!briefOpen) : undefined,
	});

	return (
		<main className="conv" aria-label={t('conv.label', { name: customerName(thread.view?.customer_name) })} data-pane>
			{heading}
			<Head
				thread={thread}
				view={view}
				moves={moves}
				isMine={isMine}
				busy={busy}
				onMove={move}
				aside={canAnswer ? aside : []}
				onAside={onAside}
				panelShown={panelShown}
				onPanel={onPanel}
			/>
			{problem && (
				<div className="banner">
					<Notice tone="warn" action={<Button onPress={() => setProblem(undefined)}>{t('conv.understood')}</Button>}>
						{problem}
					</Notice>
				</div>
			)}
			{brief && !briefOpen && <BriefBar brief={brief} onUnfold={() => setUnfolded(true)} />}
			<LogView
				thread={thread}
				fold={briefOpen}
				top={
					brief &&
					briefOpen && (
						<BriefCard
							brief={brief}
							at={thread.view?.handoff?.at ?? ''}
							cause={thread.view?.priority_why}
							earlier={thread.view?.earlier?.length ?? 0}
							onFold={() => setUnfolded(false)}
							onInsert={suggested ? insert : undefined}
						/>
					)
				}
			/>
			{isPhone && isFree && canAnswer ? (
				<footer className="conv-foot">
					{moves.map((to) => (
						<MoveButton key={to} to={to} isMine={false} closed={false} busy={busy} onMove={move} onAside={onAside} />
					))}
				</footer>
			) : (
				<Composer ref={composer} thread={thread} canAnswer={canAnswer} />
			)}
			{asked && <KnownDialog thread={thread} onClose={() => ask(false)} />}
			{dialog && (
				<Asides
					what={dialog}
					thread={thread}
					me={user.id}
					onClose={() => setDialog(undefined)}
					onDone={(left) => {
						setDialog(undefined);
						if (left) navigate(`/inbox/${view}`);
					}}
				/>
			)}
		</main>
	);
}

/** What an agent may do: the main thing comes last. Somebody else's open conversation is theirs. */
function movesOf(isOpen: boolean, isFree: boolean, isMine: boolean): Move[] {
	if (!isOpen) return ['claim'];
	if (isMine) return ['release', 'close'];
	return isFree ? ['close', 'claim'] : [];
}
