import { useCallback, useEffect, useState } from 'react';
import { problemOf } from '../../../api';
import { useDesk, useNow } from '../../../context';
import { when } from '../../../format';
import type { Inbox, User, VoiceChange } from '../../../protocol';
import { t } from '../../../text';
import { Button } from '../../../ui/Button';
import { Confirm } from '../../../ui/Dialog';
import { Empty, Notice, Tag } from '../../../ui/parts';
import { Head } from '../Head';
import { promptName } from './PromptTable';
import { Bones, LoadFailure, Parts, useLoaded } from './Voice';

const nobody = '00000000-0000-0000-0000-000000000000';

/** Who changed what, newest first, with the way back to what was live. */
export function History({ inbox }: { inbox: Inbox }) {
	const { api } = useDesk();
	const now = useNow(60_000);
	const load = useCallback(async () => {
		const [history, book, users] = await Promise.all([api.voiceHistory(inbox.id), api.prompts(inbox.id), api.users()]);
		return { changes: history.data ?? [], book, users: users.data ?? [] };
	}, [api, inbox.id]);
	const { value, problem, late, reload } = useLoaded(load);
	const [going, setGoing] = useState<VoiceChange | null>(null);
	const [busy, setBusy] = useState(false);
	const [fault, setFault] = useState<string>();
	const [told, tell] = useState('');
	useEffect(() => tell(''), []);

	const restore = async (change: VoiceChange) => {
		if (!value) return;
		setBusy(true);
		setFault(undefined);
		try {
			await api.restorePrompt(inbox.id, change.prompt, {
				revision: value.book.revision,
				from: change.what === 'default' ? 0 : change.revision,
			});
			tell(t('history.restored', { prompt: promptName(change.prompt) }));
			reload();
		} catch (thrown) {
			setFault(problemOf(thrown).message);
		} finally {
			setBusy(false);
			setGoing(null);
		}
	};
	const live = (change: VoiceChange) => {
		const prompt = value?.book.prompts?.find((each) => each.name === change.prompt);
		return (change.text?.text ?? '') === (prompt?.live?.text ?? '');
	};

	return (
		<main className="page" data-pane>
			<Head title={t('settings.voice')}>
				<Parts here="history" />
			</Head>
			<div className="page-body narrow">
				{problem && <LoadFailure problem={problem} retry={reload} />}
				{late && <Bones />}
				{fault && <Notice tone="bad">{t('settings.notSaved', { reason: fault })}</Notice>}
				<p className="sr" role="status">
					{told}
				</p>
				{value?.changes.length === 0 && (
					<Empty icon="history" title={t('history.none')}>
						{t('history.noneWords')}
					</Empty>
				)}
				{value && value.changes.length > 0 && (
					<ol className="changes">
						{value.changes.map((change) => (
							<li key={`${change.prompt}.${change.revision}`} className="change">
								<div className="change-what">
									<b>{change.style ? t('history.style') : promptName(change.prompt)}</b>
									<Tag tone={change.what === 'live' ? 'ok' : 'plain'}>
										{t(`history.what.${(change.style ? 'style' : change.what) as 'live'}`)}
									</Tag>
								</div>
								<span className="change-who num">
									{t('history.by', {
										name: nameOf(change.by, value.users),
										time: when(change.at, now),
									})}
								</span>
								<div className="change-acts">
									{(change.what === 'live' || change.what === 'default') && !live(change) && (
										<Button onPress={() => setGoing(change)}>{t('history.restore')}</Button>
									)}
								</div>
								{change.text && (
									<details className="change-text">
										<summary>{t('history.show')}</summary>
										<pre>{change.text.text}</pre>
									</details>
								)}
							</li>
						))}
					</ol>
				)}
			</div>
			<Confirm
				title={t('history.restoreTitle', { prompt: going ? promptName(going.prompt) : '' })}
				action={t('history.restore')}
				busy={busy}
				isOpen={going !== null}
				onClose={() => setGoing(null)}
				onConfirm={() => going && void restore(going)}
			>
				{t('history.restoreWords')}
			</Confirm>
		</main>
	);
}

function nameOf(id: string, users: User[]): string {
	if (id === nobody) return t('history.operator');
	return users.find((user) => user.id === id)?.name ?? t('history.gone');
}
