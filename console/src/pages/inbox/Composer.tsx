import { type KeyboardEvent, type Ref, useImperativeHandle, useRef, useState } from 'react';
import { TextArea } from 'react-aria-components/TextArea';
import { useDesk, useMe } from '../../context';
import type { Suggestion } from '../../protocol';
import { citationsOf, type Draft, draftKey, recall, remember, withSuggestion } from '../../state/memory';
import type { Thread } from '../../state/thread';
import { t } from '../../text';
import { Button } from '../../ui/Button';
import { modKey } from '../../ui/keys';
import { Kbd } from '../../ui/parts';
import { Segmented } from '../../ui/Segmented';
import { Assist } from './Assist';

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
	const [draft, setDraft] = useState(() => recall<Draft>(draftKey(thread.id), { text: '', note: false }));
	const { holding } = thread;
	const closed = holding?.status === 'closed';
	const others = holding?.owner === 'agent' && holding.agent !== user.id && !closed;
	const mode = draft.note || others ? 'note' : 'reply';
	const bytes = new TextEncoder().encode(draft.text).length;
	const sendable = draft.text.trim() !== '' && bytes <= maxText;

	const change = (next: Draft) => {
		setDraft(next);
		remember(draftKey(thread.id), next.text === '' ? undefined : next);
	};
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

	const send = () => {
		if (!sendable) return;
		const text = draft.text.trim();
		desk.send(thread.id, text, mode === 'note', mode === 'reply' ? citationsOf(draft) : []);
		change({ text: '', note: false });
		area.current?.focus();
	};
	const onKeyDown = (event: KeyboardEvent) => {
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
			<div className={`composer-box ${mode}`}>
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
					<span className="composer-aside">{aside(mode, others, bytes, holding?.agentName ?? '')}</span>
				</div>
				<TextArea
					ref={area}
					className="composer-area"
					rows={2}
					dir="auto"
					aria-label={t(mode === 'note' ? 'composer.noteLabel' : 'composer.replyLabel')}
					placeholder={placeholder(mode, thread, user.id)}
					value={draft.text}
					onChange={(event) => {
						change({ ...draft, text: event.target.value });
						if (mode === 'reply' && event.target.value.trim() !== '') desk.typing(thread.id);
					}}
					onKeyDown={onKeyDown}
				/>
				<div className="composer-foot">
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
					<Kbd>J</Kbd>
					<Kbd>K</Kbd> {t('hint.jk')}
				</span>
				<span>
					<Kbd>R</Kbd> {t('hint.r')}
				</span>
				<span>
					<Kbd>N</Kbd> {t('hint.n')}
				</span>
				<span>
					<Kbd>I</Kbd> {t('hint.i')}
				</span>
				<span>
					<Kbd>E</Kbd> {t('hint.e')}
				</span>
				<span>
					<Kbd>?</Kbd> {t('hint.all')}
				</span>
			</p>
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
	return mine ? t('composer.placeholder', { name: thread.view?.customer_name ?? '' }) : t('composer.takes');
}
