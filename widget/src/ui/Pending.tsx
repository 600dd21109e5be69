// What is on its way.

import type { Client } from '../core/client';
import type { Item } from '../core/outbox';
import { t } from '../text/words';
import { beside } from './beside';
import { alert, clock } from './Icon';
import { Mine, Status } from './Message';

export function Pending({ item, client }: { item: Item; client: Client }) {
	const { frame, failed, stored } = item;
	const id = frame.d.client_id;
	const up = client.connection.phase === 'up';
	const late = !up || !!failed;
	// The others show where they were made.
	const words =
		frame.t === 'send'
			? frame.d.text
			: late && (frame.t === 'end' ? t.endChat : frame.t === 'request_person' && t.person);
	if (words === false) return null;
	return (
		<Mine words={words} waits={late}>
			{failed
				? (beside()?.Failed({
						words: failed,
						retry: () => client.retry(id),
						discard: () => client.discard(id),
					}) ?? <Status icon={alert}>{t.notSent}</Status>)
				: !stored && <Status icon={clock}>{up ? t.sending : t.waiting}</Status>}
		</Mine>
	);
}
