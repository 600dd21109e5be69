import { useCallback, useEffect, useState } from 'react';
import { problemOf } from '../../api';
import { useDesk, useMe, useNow } from '../../context';
import { promiseState, promiseText, promiseTone } from '../../promises';
import type { ConversationView, PromiseRow } from '../../protocol';
import { can } from '../../state/inbox';
import { useStore } from '../../state/store';
import { t } from '../../text';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { ChangePromise } from './PromiseDialogs';

/** What the customer of a conversation was promised, the newest first, and what can be done about it. */
export function PromiseList({ conversation }: { conversation: ConversationView }) {
	const desk = useDesk();
	const now = useNow();
	const { user } = useMe();
	const [rows, setRows] = useState<PromiseRow[]>([]);
	const [change, setChange] = useState<{ promise: PromiseRow; to: 'moved' | 'withdrawn' }>();
	const [problem, setProblem] = useState('');
	// Every promise that is made or settled has an entry, or the conversation a new promised time.
	const seen = useStore(desk.threads, (threads) => threads[conversation.id]?.log.length ?? 0);

	const load = useCallback(async () => {
		try {
			const page = await desk.api.promises({ conversation: conversation.id, limit: 20 });
			setRows(page.data ?? []);
		} catch (thrown) {
			setProblem(problemOf(thrown).message);
		}
	}, [desk, conversation.id]);
	// biome-ignore lint/correctness/useExhaustiveDependencies: a new entry may be of a promise
	useEffect(() => void load(), [load, seen, conversation.promised]);

	const keep = async (promise: PromiseRow) => {
		setProblem('');
		try {
			await desk.api.changePromise(promise.id, { state: 'kept' });
		} catch (thrown) {
			setProblem(problemOf(thrown).message);
		}
		await load();
	};
	if (rows.length === 0 && !problem) return <p className="quiet">{t('promise.none')}</p>;
	return (
		<>
			{problem && (
				<small className="bad" role="alert">
					{problem}
				</small>
			)}
			<ul className="promises">
				{rows.map((promise) => (
					<li key={promise.id} className={`promise tone-${promiseTone(promise, promise.soon, now)}`}>
						<Icon name={promise.state === 'kept' ? 'done' : promise.state === 'broken' ? 'alert' : 'receipt'} />
						<span>
							{promiseText(promise, conversation.email)}
							<small>
								{promise.number && <span className="mono">{promise.number}</span>}
								<span>
									{promise.owner === user.id ? t('promise.ofYou') : promise.owner_name || t('promise.ofQueue')}
								</span>
							</small>
						</span>
						<b>{promiseState(promise, now)}</b>
						{promise.state === 'open' && can(user.role, 'agent') && (
							<span className="promise-acts">
								{promise.kind === 'other' && (
									<Button
										kind="quiet"
										aria-label={t('promise.keepLabel', { text: promise.text })}
										onPress={() => keep(promise)}
									>
										{t('promise.keep')}
									</Button>
								)}
								<Button
									kind="quiet"
									aria-label={t('promise.moveLabel', { text: promiseText(promise) })}
									onPress={() => setChange({ promise, to: 'moved' })}
								>
									{t('promise.move')}
								</Button>
								{promise.kind === 'other' && (
									<Button
										kind="quiet"
										aria-label={t('promise.withdrawLabel', { text: promise.text })}
										onPress={() => setChange({ promise, to: 'withdrawn' })}
									>
										{t('promise.withdraw')}
									</Button>
								)}
							</span>
						)}
					</li>
				))}
			</ul>
			{change && <ChangePromise {...change} onClose={() => setChange(undefined)} onDone={load} />}
		</>
	);
}
