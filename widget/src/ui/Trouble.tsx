// What is wrong with the connection, in place.

import type { Client } from '../core/client';
import { t } from '../text/words';
import { alert, Icon } from './Icon';

export function Trouble({ client }: { client: Client }) {
	const { phase, failures, why } = client.connection;
	const stopped = phase === 'stopped';
	if (!stopped && (phase === 'up' || (failures < 2 && navigator.onLine))) return null;
	return (
		<div class="banner" role="alert">
			<Icon d={alert} />
			<p>{!stopped ? t.offline : typeof why === 'string' ? why : (reasons()[why] ?? t.stopped)}</p>
			{!stopped && (
				<button type="button" class="btn" onclick={() => client.connection.wake()}>
					{t.tryNow}
				</button>
			)}
		</div>
	);
}

/** By the code that the connection was closed with. */
const reasons = (): Record<number, string> => ({
	4500: t.stopped4500,
	4501: t.stopped4501,
	4503: t.stopped4503,
	4509: t.stopped4509,
});
