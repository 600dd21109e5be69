import { customerName } from '../format';
import type { ConversationRow } from '../protocol';

/** Something that an agent wants to hear of. */
export interface Alert {
	kind: 'queued' | 'offered' | 'reply' | 'given' | 'mention' | 'promise';
	conversation: string;
	/** The same event has the same key: it is told once. */
	key: string;
	/** The customer's name; of a mention, whose note it is. */
	name: string;
	text: string;
	/** When a promise falls due. */
	due?: number;
}

/** How conversations were when they were last looked at. */
export type Known = ReadonlyMap<string, ConversationRow>;

// What a promise that falls due leaves an agent to answer in.
const soon = 10 * 60_000;
// Conversations that are kept in mind: those that changed last.
const kept = 500;

/** What is known with newer rows. */
export function knownOf(rows: readonly ConversationRow[], before: Known | null): Known {
	const all = new Map(before ?? []);
	for (const row of rows) {
		all.delete(row.id);
		all.set(row.id, row);
	}
	return new Map([...all].slice(-kept));
}

/** What has happened to these rows since they were known, as far as this agent wants to hear of it. */
export function alertsOf(rows: readonly ConversationRow[], before: Known, me: string, online: boolean): Alert[] {
	return rows.flatMap((row): Alert[] => {
		const kind = kindOf(row, before.get(row.id), me, online);
		if (!kind) return [];
		const key = `${kind} ${row.id} ${row.epoch} ${kind === 'reply' ? row.customer_seq : (row.offered_until ?? '')}`;
		return [
			{
				kind,
				conversation: row.id,
				key,
				name: customerName(row.customer_name),
				text: row.last_from === 'customer' ? row.last_text : row.subject,
			},
		];
	});
}

function kindOf(
	row: ConversationRow,
	was: ConversationRow | undefined,
	me: string,
	online: boolean,
): Alert['kind'] | undefined {
	if (row.status !== 'open') return undefined;
	if (row.owner === 'agent') {
		if (row.agent !== me) return undefined;
		if (was && (was.owner !== 'agent' || was.agent !== me)) return 'given';
		return row.last_from === 'customer' && row.customer_seq > (was?.customer_seq ?? 0) ? 'reply' : undefined;
	}
	if (row.owner !== 'queue') return undefined;
	if (row.offered === me && was?.offered !== me) return 'offered';
	// One that is offered to somebody is hers for the moment.
	return online && !row.offered && was?.owner !== 'queue' ? 'queued' : undefined;
}

/** The promises of this agent's conversations that fall due soon. */
export function promisesDue(known: Known, me: string, now: number): Alert[] {
	return [...known.values()].flatMap((row): Alert[] => {
		const due = Date.parse(row.promised ?? '');
		const mine = row.status === 'open' && row.owner === 'agent' && row.agent === me;
		if (!mine || Number.isNaN(due) || due < now || due - now > soon) return [];
		return [
			{
				kind: 'promise',
				conversation: row.id,
				key: `promise ${row.id} ${due}`,
				name: customerName(row.customer_name),
				text: row.last_text,
				due,
			},
		];
	});
}
