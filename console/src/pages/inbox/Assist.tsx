import { useRef, useState } from 'react';
import { Menu, MenuItem, MenuSection, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { useLocation } from 'wouter';
import { problemOf } from '../../api';
import { useDesk, useMe } from '../../context';
import { language } from '../../format';
import type { AssistReply, Suggestion } from '../../protocol';
import type { Thread } from '../../state/thread';
import { type Key, t } from '../../text';
import { Button } from '../../ui/Button';
import { isForeign } from './Translation';

type Use = 'suggest' | 'shorter' | 'kinder' | 'formal' | 'translate' | 'summary' | 'article';

interface AssistProps {
	thread: Thread;
	text: string;
	note: boolean;
	onText: (text: string) => void;
	onNote: (text: string) => void;
	onSuggestion: (suggested: Suggestion) => void;
}

/**
 * Help with writing: a reply out of the articles, the text in another manner or language, a summary as a note, the draft
 * of an article. What comes is put where the agent reads it before anybody else does, and can be taken back.
 */
export function Assist({ thread, text, note, onText, onNote, onSuggestion }: AssistProps) {
	const desk = useDesk();
	const { user } = useMe();
	const [, navigate] = useLocation();
	const [busy, setBusy] = useState<Use>();
	const [said, setSaid] = useState('');
	const before = useRef<string>(undefined);
	const theirs = thread.view?.locale ?? '';
	const foreign = isForeign(theirs);
	const written = text.trim() !== '';
	const edits = user.role !== 'agent' && user.role !== 'viewer';

	const take = (use: Use, reply: AssistReply) => {
		const words = reply.text ?? '';
		if (words !== '') {
			before.current = text;
			if (use === 'suggest') onSuggestion({ text: words, citations: reply.citations ?? [] });
			else if (use === 'summary') onNote(words);
			else onText(words);
		}
		setSaid(
			[words === '' ? '' : t(reply.by === 'model' ? 'assist.byModel' : 'assist.byRules'), whyNot(reply)]
				.join(' ')
				.trim(),
		);
	};
	const run = async (use: Use) => {
		setBusy(use);
		setSaid('');
		before.current = undefined;
		try {
			if (use === 'article') {
				const draft = await desk.api.assist(thread.id, 'article', {});
				const made = await desk.api.createArticle({
					title: draft.title ?? '',
					body: draft.text ?? '',
					status: 'draft',
					visibility: 'public',
					locale: theirs,
				});
				navigate(`/knowledge/${made.id}`);
				return;
			}
			const manner = use === 'shorter' || use === 'kinder' || use === 'formal';
			const body = manner ? { text, manner: use } : use === 'translate' ? { text, to: theirs } : {};
			take(use, await desk.api.assist(thread.id, manner ? 'reword' : use, body));
		} catch (thrown) {
			setSaid(problemOf(thrown).message);
		} finally {
			setBusy(undefined);
		}
	};
	const undo = () => {
		if (before.current !== undefined) (note ? onNote : onText)(before.current);
		before.current = undefined;
		setSaid('');
	};

	const item = (use: Use, words: string, off = false) => (
		<MenuItem key={use} id={use} className="menu-item" isDisabled={off}>
			{words}
		</MenuItem>
	);
	return (
		<div className="assist">
			<MenuTrigger>
				<Button kind="quiet" icon="note" busy={busy !== undefined}>
					{t('assist.help')}
				</Button>
				<Popover className="menu" placement="top start">
					<Menu className="menu-list" aria-label={t('assist.help')} onAction={(key) => void run(key as Use)}>
						<MenuSection aria-label={t('assist.reply')}>
							{item('suggest', t('assist.suggest'))}
							{(['shorter', 'kinder', 'formal'] as const).map((use) => item(use, t(`assist.${use}` as Key), !written))}
							{foreign ? item('translate', t('assist.translate', { language: language(theirs) }), !written) : null}
						</MenuSection>
						<MenuSection aria-label={t('assist.conversation')}>
							{item('summary', t('assist.summary'))}
							{edits ? item('article', t('assist.article')) : null}
						</MenuSection>
					</Menu>
				</Popover>
			</MenuTrigger>
			<span className="assist-said" role="status">
				{said}
			</span>
			{before.current !== undefined && said !== '' && (
				<Button kind="quiet" onPress={undo}>
					{t('assist.undo')}
				</Button>
			)}
		</div>
	);
}

/** Why the model's text was not taken, as a sentence of its own. */
function whyNot(reply: AssistReply): string {
	const words = reply.note ?? '';
	if (words === '') return '';
	return words.charAt(0).toUpperCase() + words.slice(1) + (/[.!?]$/.test(words) ? '' : '.');
}
