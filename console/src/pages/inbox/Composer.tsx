import { type KeyboardEvent, type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react';
import { TextArea } from 'react-aria-components/TextArea';
import { useCommands } from '../../commands';
import { useDesk, useMe } from '../../context';
import { customerName } from '../../format';
import type { Entry, Suggestion } from '../../protocol';
import { gapsOf } from '../../state/macros';
import { citationsOf, withSuggestion } from '../../state/memory';
import { useStore } from '../../state/store';
import { mentionsIn, namedIn } from '../../state/talk';
import { answeredSince, lastSeq, type Thread } from '../../state/thread';
import { t } from '../../text';
import { Button, IconButton } from '../../ui/Button';
import { modKey } from '../../ui/keys';
import { Kbd } from '../../ui/parts';
import { Segmented } from '../../ui/Segmented';
import { Assist } from './Assist';
import { useAttachments } from './attachments';
import { AfterSending, GapNote, Undone } from './ComposerNotes';
import { AttachButton, Attached } from './Files';
import { Marks } from './Marks';
import { PromiseBar } from './PromiseBar';
import { RaceDialog } from './Race';
import { useDraft } from './useDraft';
import { useTyped } from './useTyped';
import { WriterWarning } from './Watchers';

export interface ComposerHandle {
	focus: (mode: 'reply' | 'note') => void;
	insert: (suggested: Suggestion) => void;
}

interface ComposerProps {
	ref: Ref<ComposerHandle>;
	thread: Thread;
	canAnswer: boolean;
}

// protocol.MaxText, in bytes of UTF-8.
const maxText = 8 << 10;

export function Composer({ ref, thread, canAnswer }: ComposerProps) {
	const desk = useDesk();
	const { user } = useMe();
	const area = useRef<HTMLTextAreaElement>(null);
	const [draft, change] = useDraft(thread.id, lastSeq(thread.log));
	const [race, setRace] = useState<Entry>();
	const placeholders = useStore(desk.talk.placeholders);
	const { holding } = thread;
	const closed = holding?.status === 'closed';
	const others = holding?.owner === 'agent' && holding.agent !== user.id && !closed;
	const mode = draft.note || others ? 'note' : 'reply';
	const bytes = new TextEncoder().encode(draft.text).length;
	const gaps = gapsOf(draft.text, placeholders);
	const files = useAttachments(thread.id);
	const [dropping, setDropping] = useState(false);
	const said = draft.text.trim() !== '' || files.ready.length > 0;
	const sendable = said && bytes <= maxText && gaps.length === 0 && !files.unfinished;
	const typed = useTyped({ thread, area, draft, change, note: mode === 'note' });

	useImperativeHandle(ref, () => ({
		focus: (to) => {
			change({ ...draft, note: to === 'note' });
			area.current?.focus();
		},
		insert: (suggested) => {
			change(withSuggestion(draft, suggested));
			area.current?.focus();
		},
	}));
	// The palette and the articles beside the conversation put text in here.
	useEffect(() => {
		desk.talk.compose = { insert: typed.put };
		return () => {
			desk.talk.compose = null;
		};
	});
	const able = canAnswer && !closed;
	useCommands({ macros: able ? () => typed.open('/') : undefined });

	const send = () => {
		if (!sendable) return;
		const answered = draft.note ? undefined : answeredSince(thread, draft.since ?? 0, user.id);
		if (answered) setRace(answered);
		else sendNow();
	};
	const sendNow = () => {
		setRace(undefined);
		const text = draft.text.trim();
		const note = mode === 'note';
		const named = note ? namedIn(text, draft.named ?? []) : [];
		const clientId = desk.send(thread.id, text, note, {
			citations: note ? [] : citationsOf(draft),
			mentions: named,
			files: files.ready,
		});
		files.clear();
		if (!note && draft.after?.length) desk.afterSending(thread.id, clientId, draft.after);
		change({ text: '', note: false });
		area.current?.focus();
	};
	const onKeyDown = (event: KeyboardEvent) => {
		if (typed.onKey(event)) return;
		if (event.key === 'Enter' && (event.metaKey || event.ctrlKey) && !event.nativeEvent.isComposing) {
			event.preventDefault();
			send();
		}
		if (event.key === 'Escape') area.current?.blur();
	};

	if (!canAnswer) return <p className="composer-none">{t('composer.readOnly')}</p>;
	if (closed) return <p className="composer-none">{t('composer.closed')}</p>;
	return (
		<div className="composer">
			<Undone conversation={thread.id} />
			<WriterWarning conversation={thread.id} />
			{/* biome-ignore lint/a11y/noStaticElementInteractions: files are dropped here; the button takes them too */}
			<div
				className={`composer-box ${mode}${dropping ? ' dropping' : ''}`}
				onDragOver={(event) => {
					if (!event.dataTransfer.types.includes('Files')) return;
					event.preventDefault();
					setDropping(true);
				}}
				onDragLeave={() => setDropping(false)}
				onDrop={(event) => {
					setDropping(false);
					if (event.dataTransfer.files.length === 0) return;
					event.preventDefault();
					files.add(event.dataTransfer.files);
				}}
			>
				{typed.list}
				<div className="composer-top">
					<Segmented
						label={t('composer.mode')}
						value={mode}
						options={
							others
								? [{ value: 'note', label: t('composer.note'), icon: 'note' }]
								: [
										{ value: 'reply', label: t('composer.reply') },
										{ value: 'note', label: t('composer.note'), icon: 'note' },
									]
						}
						onChange={(value) => {
							change({ ...draft, note: value === 'note' });
							area.current?.focus();
						}}
					/>
					<span className="composer-aside">
						{files.unfinished ? t('files.unfinished') : aside(mode, others, bytes, holding?.agentName ?? '')}
					</span>
				</div>
				<div className="composer-field">
					<Marks
						area={area}
						text={draft.text}
						marks={[
							...gaps.map((gap) => ({ ...gap, kind: 'gap' as const })),
							...(mode === 'note'
								? mentionsIn(
										draft.text,
										(draft.named ?? []).map((each) => each.name),
									)
								: []
							).map((at) => ({ ...at, kind: 'mention' as const })),
						]}
					/>
					<TextArea
						ref={area}
						className="composer-area"
						rows={2}
						dir="auto"
						aria-label={t(mode === 'note' ? 'composer.noteLabel' : 'composer.replyLabel')}
						{...typed.field}
						placeholder={placeholder(mode, thread, user.id)}
						value={draft.text}
						onSelect={typed.moved}
						onFocus={typed.moved}
						onBlur={typed.left}
						onChange={(event) => {
							change({ ...draft, text: event.target.value });
							typed.moved();
							if (mode === 'reply' && event.target.value.trim() !== '') desk.typing(thread.id);
						}}
						onKeyDown={onKeyDown}
						onPaste={(event) => {
							if (event.clipboardData.files.length === 0) return;
							event.preventDefault();
							files.add(event.clipboardData.files);
						}}
					/>
				</div>
				<GapNote gaps={gaps} area={area} />
				<AfterSending
					actions={mode === 'reply' ? (draft.after ?? []) : []}
					onChange={(after) => change({ ...draft, after })}
				/>
				<Attached attachments={files} />
				<PromiseBar key={thread.id} conversation={thread.id} text={mode === 'reply' ? draft.text : ''} />
				<div className="composer-foot">
					<AttachButton attachments={files} />
					<IconButton icon="slash" label={`${t('composer.macros')} (/)`} onPress={() => typed.open('/')} />
					{mode === 'note' && (
						<IconButton icon="at" label={`${t('composer.people')} (@)`} onPress={() => typed.open('@')} />
					)}
					<Assist
						thread={thread}
						text={draft.text}
						note={mode === 'note'}
						onText={(text) => change({ ...draft, text })}
						onNote={(text) => change({ ...draft, text, note: true })}
						onSuggestion={(suggested) => change(withSuggestion({ ...draft, note: false }, suggested))}
					/>
					<Button kind="primary" hint={`${modKey} ↵`} isDisabled={!sendable} onPress={send}>
						{t(mode === 'note' ? 'composer.addNote' : 'composer.send')}
					</Button>
				</div>
			</div>
			<p className="keyline" aria-hidden="true">
				<span>
					<Kbd>?</Kbd> {t('hint.all')}
				</span>
				<span>
					<Kbd>J</Kbd>
					<Kbd>K</Kbd> {t('hint.jk')}
				</span>
				<span>
					<Kbd>R</Kbd> {t('hint.r')}
				</span>
				<span>
					<Kbd>/</Kbd> {t('hint.macros')}
				</span>
				<span>
					<Kbd>N</Kbd> {t('hint.n')}
				</span>
				<span>
					<Kbd>E</Kbd> {t('hint.e')}
				</span>
				<span>
					<Kbd>{modKey}</Kbd>
					<Kbd>K</Kbd> {t('hint.palette')}
				</span>
			</p>
			{race && <RaceDialog answer={race} asNote={others} onSend={sendNow} onClose={() => setRace(undefined)} />}
		</div>
	);
}

function aside(mode: string, others: boolean, bytes: number, agent: string): string {
	if (bytes > maxText) return t('composer.tooLong', { over: bytes - maxText });
	if (others) return t('composer.others', { name: agent });
	return mode === 'note' ? t('composer.team') : '';
}

function placeholder(mode: string, thread: Thread, me: string): string {
	if (mode === 'note') return t('composer.notePlaceholder');
	const mine = thread.holding?.owner === 'agent' && thread.holding.agent === me;
	return mine ? t('composer.placeholder', { name: customerName(thread.view?.customer_name) }) : t('composer.takes');
}
