import { useEffect, useRef, useState } from 'react';
import { problemOf } from '../../../api';
import { useDesk } from '../../../context';
import type { Inbox, PromptBook, PromptState } from '../../../protocol';
import { recall, remember } from '../../../state/memory';
import { statusOf } from '../../../state/voice';
import { t } from '../../../text';
import { Button } from '../../../ui/Button';
import { Confirm } from '../../../ui/Dialog';
import { Notice } from '../../../ui/parts';
import { Segmented } from '../../../ui/Segmented';
import { useSaveKey } from '../../../ui/save';
import { PlainText, WordDiff } from '../../../ui/WordDiff';
import { Head } from '../Head';
import { promptAbout, promptName } from './PromptTable';
import { PromptTag } from './PromptTag';
import { base } from './parts';
import { Trial } from './Trial';

interface PromptPageProps {
	inbox: Inbox;
	prompt: PromptState;
	book: PromptBook;
	onChanged: (book: PromptBook) => void;
	onReload: () => void;
}

type Pane = 'write' | 'diff' | 'sent';

/** One prompt: its instructions, how they differ from the default, what a model is sent, and a test run before they go live. */
export function PromptPage({ inbox, prompt, book, onChanged, onReload }: PromptPageProps) {
	const { api } = useDesk();
	const keep = `prompt.${inbox.id}.${prompt.name}`;
	const stored = prompt.draft?.text ?? prompt.live?.text ?? prompt.default;
	const [text, setText] = useState(() => recall(keep, stored));
	const [pane, setPane] = useState<Pane>('write');
	const [busy, setBusy] = useState<'draft' | 'live' | 'default' | null>(null);
	const [asking, ask] = useState<'live' | 'default' | null>(null);
	const [problem, setProblem] = useState<{ words: string; stale: boolean } | null>(null);
	const changed = text !== stored;
	const status = statusOf(prompt);

	const first = useRef(true);
	useEffect(() => {
		if (first.current) first.current = false;
		else remember(keep, changed ? text : undefined);
	}, [keep, text, changed]);

	const run = async (what: 'draft' | 'live' | 'default', act: () => Promise<PromptBook>) => {
		if (busy) return;
		setBusy(what);
		setProblem(null);
		try {
			const next = await act();
			const now = next.prompts?.find((each) => each.name === prompt.name);
			remember(keep, undefined);
			setText(now?.draft?.text ?? now?.live?.text ?? prompt.default);
			onChanged(next);
		} catch (thrown) {
			const failure = problemOf(thrown);
			setProblem({ words: failure.message, stale: failure.code === 'stale' });
		} finally {
			setBusy(null);
			ask(null);
		}
	};
	const saveDraft = () =>
		run('draft', () => api.setPromptDraft(inbox.id, prompt.name, { revision: book.revision, text }));
	const discard = () =>
		run('draft', () => api.setPromptDraft(inbox.id, prompt.name, { revision: book.revision, text: '' }));
	const goLive = () => run('live', () => api.promptLive(inbox.id, prompt.name, { revision: book.revision }));
	const restore = () =>
		run('default', () => api.restorePrompt(inbox.id, prompt.name, { revision: book.revision, from: 0 }));
	useSaveKey(() => changed && void saveDraft());
	const canGoLive = !changed && prompt.draft != null;

	return (
		<main className="page" data-pane>
			<Head
				title={promptName(prompt.name)}
				back={{ to: `${base}/prompts`, label: t('prompts.toList') }}
				aside={
					<>
						<PromptTag status={status} />
						<span className="head-aside" role="status">
							{changed && t('settings.unsaved')}
						</span>
					</>
				}
			>
				<Button busy={busy === 'draft'} isDisabled={!changed} onPress={saveDraft}>
					{t('prompts.saveDraft')}
				</Button>
				<Button kind="primary" busy={busy === 'live'} isDisabled={!canGoLive} onPress={() => ask('live')}>
					{t('prompts.goLive')}
				</Button>
			</Head>
			{problem && (
				<div className="banner">
					<Notice tone="bad" action={problem.stale && <Button onPress={onReload}>{t('settings.takeTheirs')}</Button>}>
						{t('settings.notSaved', { reason: problem.words })}
					</Notice>
				</div>
			)}
			<div className="page-body prompt-page">
				<section className="prompt-main" aria-label={t('prompts.instructions')}>
					<p className="lead">{promptAbout(prompt.name)}</p>
					{(prompt.notes ?? []).map((note) => (
						<Notice key={note} tone="warn">
							{note}
						</Notice>
					))}
					{prompt.outdated && <Notice tone="warn">{t('prompts.outdated')}</Notice>}
					<div className="prompt-tools">
						<Segmented
							label={t('prompts.panes')}
							value={pane}
							options={(['write', 'diff', 'sent'] as const).map((value) => ({
								value,
								label: t(`prompts.pane.${value}`),
							}))}
							onChange={setPane}
						/>
						<div className="prompt-ways">
							{prompt.draft && (
								<Button kind="quiet" isDisabled={busy !== null} onPress={discard}>
									{t('prompts.discard')}
								</Button>
							)}
							{prompt.live && (
								<Button kind="quiet" isDisabled={busy !== null} onPress={() => ask('default')}>
									{t('prompts.restore')}
								</Button>
							)}
						</div>
					</div>
					{pane === 'write' && (
						<>
							<textarea
								className="input prompt-text"
								aria-label={t('prompts.instructions')}
								aria-describedby="prompt-hint"
								spellCheck
								maxLength={8192}
								value={text}
								onChange={(event) => setText(event.target.value)}
							/>
							<p className="hint" id="prompt-hint">
								{t('prompts.hint')}
							</p>
						</>
					)}
					{pane === 'diff' && <Difference prompt={prompt} text={text} />}
					{pane === 'sent' && (
						<>
							{changed && <Notice tone="info">{t('prompts.sentSaved')}</Notice>}
							<PlainText label={t('prompts.pane.sent')}>{prompt.shown}</PlainText>
						</>
					)}
				</section>
				<Trial inbox={inbox} name={prompt.name} text={text} model={book.model} />
			</div>
			<Confirm
				title={t('prompts.liveTitle')}
				action={t('prompts.goLive')}
				busy={busy === 'live'}
				isOpen={asking === 'live'}
				onClose={() => ask(null)}
				onConfirm={() => void goLive()}
			>
				{t(book.model === '' ? 'prompts.liveWordsNoModel' : 'prompts.liveWords', { inbox: inbox.name })}
			</Confirm>
			<Confirm
				title={t('prompts.restoreTitle')}
				action={t('prompts.restore')}
				busy={busy === 'default'}
				isOpen={asking === 'default'}
				onClose={() => ask(null)}
				onConfirm={() => void restore()}
			>
				{t('prompts.restoreWords')}
			</Confirm>
		</main>
	);
}

/** What was written against the default; and where the default has changed since, that too. */
function Difference({ prompt, text }: { prompt: PromptState; text: string }) {
	const base = prompt.draft?.base ?? prompt.live?.base ?? prompt.default;
	return (
		<>
			{text === prompt.default ? (
				<Notice tone="info">{t('prompts.same')}</Notice>
			) : (
				<WordDiff before={prompt.default} after={text} label={t('prompts.pane.diff')} />
			)}
			{prompt.outdated && (
				<>
					<h3 className="prompt-sub">{t('prompts.defaultChanged')}</h3>
					<WordDiff before={base} after={prompt.default} label={t('prompts.defaultChanged')} />
				</>
			)}
		</>
	);
}
