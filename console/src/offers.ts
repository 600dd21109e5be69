import type { Api } from './api';
import type { ConversationRow } from './protocol';
import { createStore } from './state/store';

export interface Offer {
	row: ConversationRow;
	/** When it goes to the next agent, by this browser's clock. */
	until: number;
}

/** What is offered to this agent now. */
export class Offers {
	readonly list = createStore<Offer[]>([]);
	private ticket = 0;
	private lapse: ReturnType<typeof setTimeout> | undefined;

	constructor(private readonly api: Api) {}

	/** Asks what is offered. A failure leaves what is known: the next change asks again. */
	async load(): Promise<void> {
		const ticket = ++this.ticket;
		try {
			const { data, now } = await this.api.offers();
			if (ticket !== this.ticket) return;
			const ahead = Date.now() - Date.parse(now);
			this.list.set((data ?? []).map((row) => ({ row, until: Date.parse(row.offered_until ?? now) + ahead })));
			this.watch();
		} catch {
			// It is asked again at the next change.
		}
	}

	/** Takes an offer off the list, because it was answered. */
	drop(id: string): void {
		this.ticket++;
		this.list.update((all) => all.filter(({ row }) => row.id !== id));
	}

	clear(): void {
		clearTimeout(this.lapse);
		this.ticket++;
		this.list.set([]);
	}

	/** What has lapsed is nobody's to accept, whether a change was told or not. */
	private watch(): void {
		clearTimeout(this.lapse);
		const next = Math.min(...this.list.get().map(({ until }) => until));
		if (!Number.isFinite(next)) return;
		this.lapse = setTimeout(
			() => {
				this.list.update((all) => all.filter(({ until }) => until > Date.now()));
				this.watch();
			},
			Math.max(0, next - Date.now()) + 50,
		);
	}
}
