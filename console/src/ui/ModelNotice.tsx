import { useEffect, useState } from 'react';
import { useDesk, useNow } from '../context';
import { due } from '../format';
import type { ModelStatus } from '../protocol';
import { t } from '../text';
import { Notice } from './parts';

// Budgets fill up over hours, and begin anew at midnight.
const askEvery = 60_000;

/** Says that answers come without a language model because a day's budget is used up. */
export function ModelNotice() {
	const { api } = useDesk();
	const now = useNow();
	const [status, setStatus] = useState<ModelStatus | null>(null);
	useEffect(() => {
		let over = false;
		let timer: ReturnType<typeof setTimeout> | undefined;
		const ask = async () => {
			try {
				const next = await api.models();
				if (over) return;
				setStatus(next);
				if (!next.connected) return; // nothing will change before a restart
			} catch {
				// Another time: this says nothing that anybody waits for.
			}
			if (!over) timer = setTimeout(ask, askEvery);
		};
		void ask();
		return () => {
			over = true;
			clearTimeout(timer);
		};
	}, [api]);
	if (!status?.connected) return null;
	const full = status.inboxes.filter((inbox) => inbox.used_up !== '');
	const inbox = full.map((each) => each.name).join(', ');
	if (!status.workspace.used_up && inbox === '') return null;
	const time = due(status.resets_at, now);
	return (
		<div className="banner">
			<Notice tone="warn">
				{status.workspace.used_up ? t('models.usedUp', { time }) : t('models.usedUpInbox', { inbox, time })}
			</Notice>
		</div>
	);
}
