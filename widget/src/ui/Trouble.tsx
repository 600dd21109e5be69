// What is wrong with the connection, in place.

import type { Client } from '../core/client';
import { t } from '../text/words';
import { alert, Icon } from './Icon';

export function Trouble({ client }: { client: Client }) {
	const { phase, failures, why } = client.connection;
	const stopped = phase === 'stopped';
	if (!stopped && (phase === 'up' || (failures < 2 && navigator.onLine))) return null;
	const known = t as Record<string, unknown> as Record<string, string>;
	return (
		<div class="banner" role="alert">
			<Icon d={alert} />
			<p>{!stopped ? t.offline : typeof why === 'string' ? why : (known[`stopped${why}`] ?? t.stopped)}</p>
			{!stopped && (
				<button type="button" class="btn" onclick={() => client.connection.wake()}>
					{t.tryNow}
				</button>
			)}
		</div>
	);
}
