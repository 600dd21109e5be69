import { useCallback, useState } from 'react';
import { problemOf } from '../../../api';
import { useDesk, useNow } from '../../../context';
import { when } from '../../../format';
import type { Inbox, PromptBook, StyleState, User, VoiceChange } from '../../../protocol';
import { factsOf, formOf, isChanged } from '../../../state/voice';
import { t } from '../../../text';
import { Button } from '../../../ui/Button';
import { Confirm } from '../../../ui/Dialog';
import { Empty, Notice, Tag } from '../../../ui/parts';
import { Head } from '../Head';
import { Bones, LoadFailure, useLoaded } from '../loading';
import { promptName } from './PromptTable';
import { Parts } from './parts';

const nobody = '00000000-0000-0000-0000-000000000000';

interface Loaded {
	changes: VoiceChange[];
	book: PromptBook;
	style: StyleState;
	users: User[];
}

/** Who changed what, newest first, with the way back to what was live. */
export function History({ inbox }: { inbox: Inbox }) {
	const { api } = useDesk();
	const now = useNow(60_000);
	const load = useCallback(async (): Promise<Loaded> => {
		const [history, book, style, users] = await Promise.all([
			api.voiceHistory(inbox.id),
			api.prompts(inbox.id),
			api.style(inbox.id),
			api.users(),
		]);
		return { changes: history.data ?? [], book, style, users: users.data ?? [] };
	}, [api, inbox.id]);
	const { value, problem, late, reload } = useLoaded(load);
	const [going, setGoing] = useState<VoiceChange | null>(null);
	const [busy, setBusy] = useState(false);
	const [fault, setFault] = useState<string>();
	const [told, tell] = useState('');

	const restore = async (change: VoiceChange) => {
		if (!value) return;
		setBusy(true);
		setFault(undefined);
		try {
			if (change.style) await api.setStyle(inbox.id, { revision: value.style.revision, style: change.style });
			else
				await api.restorePrompt(inbox.id, change.prompt, {
					revision: value.book.revision,
					from: change.what === 'default' ? 0 : change.revision,
				});
			tell(t('history.restored', { what: nameOf(change) }));
			reload();
		} catch (thrown) {
			setFault(problemOf(thrown).message);
		} finally {
			setBusy(false);
			setGoing(null);
		}
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
							<Change
								key={`${change.prompt}.${change.revision}`}
								change={change}
								who={authorOf(change.by, value.users)}
								at={when(change.at, now)}
								back={leadsBack(change, value) ? () => setGoing(change) : undefined}
							/>
						))}
					</ol>
				)}
			</div>
			<Confirm
				title={t('history.restoreTitle', { what: going ? nameOf(going) : '' })}
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

interface ChangeProps {
	change: VoiceChange;
	who: string;
	at: string;
	/** Undefined where it leads nowhere: it is live, or never was. */
	back: (() => void) | undefined;
}

function Change({ change, who, at, back }: ChangeProps) {
	const what = (change.style ? 'style' : change.what) as 'live';
	return (
		<li className="change">
			<div className="change-what">
				<b>{nameOf(change)}</b>
				<Tag tone={what === 'live' ? 'ok' : 'plain'}>{t(`history.what.${what}`)}</Tag>
			</div>
			<span className="change-who num">{t('history.by', { name: who, time: at })}</span>
			<div className="change-acts">{back && <Button onPress={back}>{t('history.restore')}</Button>}</div>
			{(change.text || change.style) && (
				<details className="change-text">
					<summary>{t('history.show')}</summary>
					{change.text && <pre>{change.text.text}</pre>}
					{change.style && (
						<dl className="facts">
							{factsOf(change.style).map(([name, fact]) => (
								<div key={name}>
									<dt>{name}</dt>
									<dd>{fact}</dd>
								</div>
							))}
						</dl>
					)}
				</details>
			)}
		</li>
	);
}

function nameOf(change: VoiceChange): string {
	return change.style ? t('voice.part.style') : promptName(change.prompt);
}

/** Whether a change was live once and is not what is live now. */
function leadsBack(change: VoiceChange, { book, style }: Loaded): boolean {
	if (change.style) return isChanged(formOf(change.style), style.style);
	if (change.what !== 'live' && change.what !== 'default') return false;
	const prompt = book.prompts?.find((each) => each.name === change.prompt);
	return (change.text?.text ?? '') !== (prompt?.live?.text ?? '');
}

function authorOf(id: string, users: User[]): string {
	if (id === nobody) return t('history.operator');
	return users.find((user) => user.id === id)?.name ?? t('history.gone');
}
