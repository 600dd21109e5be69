// What is on its way.

import type { Client } from '../core/client';
import type { Item } from '../core/outbox';
import { t } from '../text/words';
import { alert, clock, Icon } from './Icon';
import { Mine, Status } from './Message';

export function Pending({ item, client }: { item: Item; client: Client }) {
	const { frame, failed, stored } = item;
	const id = frame.d.client_id;
	const up = client.connection.phase === 'up';
	// The others show where they were made.
	if (frame.t !== 'send' && (frame.t !== 'request_person' || (up && !failed))) return null;
	return (
		<Mine words={frame.t === 'send' ? frame.d.text : t.person} waits={!up || !!failed}>
			{failed ? (
				<>
					<div class="st bad" role="alert">
						<Icon d={alert} />
						<span>
							{t.notSent} {failed}
						</span>
					</div>
					<p class="st">
						<button type="button" class="quiet" onclick={() => client.retry(id)}>
							{t.tryAgain}
						</button>
						<button type="button" class="quiet" onclick={() => client.discard(id)}>
							{t.discard}
						</button>
					</p>
				</>
			) : (
				!stored && <Status icon={clock}>{up ? t.sending : t.waiting}</Status>
			)}
		</Mine>
	);
}
