import { useState } from 'react';
import { useLocation } from 'wouter';
import { problemOf } from '../../api';
import { useDesk, useMe } from '../../context';
import { can } from '../../state/inbox';
import type { Thread } from '../../state/thread';
import { t } from '../../text';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { Notice } from '../../ui/parts';

// chat.MaxGapQuestion, in bytes; a character of ours may have four.
const longest = 400;

/** "The bot should have known": the question becomes the draft of an article, or a gap for whoever writes them. */
export function KnownDialog({ thread, onClose }: { thread: Thread; onClose: () => void }) {
	const { api } = useDesk();
	const { user } = useMe();
	const [, navigate] = useLocation();
	const [question, setQuestion] = useState(() => questionOf(thread));
	const [busy, setBusy] = useState<'gap' | 'draft'>();
	const [problem, setProblem] = useState('');
	const [done, setDone] = useState(false);
	const run = async (what: 'gap' | 'draft') => {
		setBusy(what);
		setProblem('');
		try {
			const gap = await api.addGap({ conversation: thread.id, question });
			if (what === 'gap') {
				setDone(true);
				return;
			}
			const draft = await api.assist(thread.id, 'article', {});
			const made = await api.createArticle({
				title: draft.title || question,
				body: draft.text ?? '',
				status: 'draft',
				visibility: 'public',
				locale: thread.view?.locale ?? '',
				questions: [question],
			});
			await api.setGap(gap.id, { state: 'open', article: made.id });
			navigate(`/knowledge/${made.id}`);
		} catch (thrown) {
			setProblem(problemOf(thrown).message);
		} finally {
			setBusy(undefined);
		}
	};
	return (
		<Dialog title={t('known.title')} isOpen onClose={onClose}>
			{done ? (
				<>
					<Notice tone="ok">{t('known.done')}</Notice>
					<div className="dialog-actions">
						<Button kind="primary" onPress={onClose} autoFocus>
							{t('conv.understood')}
						</Button>
					</div>
				</>
			) : (
				<>
					<p className="dialog-words">{t('known.words')}</p>
					<Field
						label={t('known.question')}
						hint={t('known.hint')}
						lines
						autoFocus
						maxLength={longest}
						value={question}
						onChange={setQuestion}
					/>
					{problem && <Notice tone="bad">{problem}</Notice>}
					<div className="dialog-actions">
						<Button busy={busy === 'gap'} isDisabled={question.trim() === ''} onPress={() => run('gap')}>
							{t('known.record')}
						</Button>
						{can(user.role, 'editor') && (
							<Button
								kind="primary"
								busy={busy === 'draft'}
								isDisabled={question.trim() === ''}
								onPress={() => run('draft')}
							>
								{t('known.draft')}
							</Button>
						)}
					</div>
				</>
			)}
		</Dialog>
	);
}

/** What the customer wanted to know: the goal of the brief, or the first words. */
function questionOf({ view, log }: Thread): string {
	const first = log.find((entry) => entry.from.kind === 'customer' && entry.kind === 'message');
	return (view?.handoff?.brief?.goal || first?.text || view?.subject || '').trim().slice(0, longest);
}
