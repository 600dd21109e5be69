// What is wrong with the connection, in place, and when it is tried again.

import type { Client } from '../../core/client';
import { fill, t } from '../../text/words';
import { draw } from '../draw';
import { alert, Icon } from '../Icon';

/** Something on the way answers in the gateway's place, as the sign-in of a hotel's network does. */
let portal = false;
/** The failure after which that was looked at last. */
let looked = 0;
let tick: ReturnType<typeof setTimeout>;

export function Trouble({ client }: { client: Client }) {
	const { phase, failures, why, next } = client.connection;
	const stopped = phase === 'stopped';
	if (phase === 'up') {
		looked = 0;
		portal = false;
	}
	if (!stopped && (phase === 'up' || (failures < 2 && navigator.onLine))) return null;
	if (!stopped && failures !== looked) {
		looked = failures;
		look();
	}
	const left = Math.ceil((next - Date.now()) / 1000);
	clearTimeout(tick);
	if (left > 0) tick = setTimeout(draw, 1000);
	return (
		<div class="banner">
			<Icon d={alert} />
			<p>
				<span role="alert">
					{!stopped ? (portal ? t.portal : t.offline) : (reasons()[why as number] ?? (+why ? t.stopped : why))}
				</span>
				{/* Not read aloud each second. */}
				{!stopped && <small>{left > 0 ? fill(t.nextTry, { n: left }) : t.noAnswer}</small>}
			</p>
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

/** Asks what the gateway answers with nothing, and never with a page or from another place. */
async function look(): Promise<void> {
	try {
		const { type, status, ok, headers } = await fetch('/v1/here', { redirect: 'manual', cache: 'no-store' });
		// 511: RFC 6585, network authentication required.
		portal = type === 'opaqueredirect' || status === 511 || (ok && /html/.test(headers.get('Content-Type') as string));
	} catch {
		portal = false; // nobody answers
	}
	draw();
}
