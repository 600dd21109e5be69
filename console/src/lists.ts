import { type Api, isAbort, problemOf, type ViewName } from './api';
import { type Filters, falls, keyOf, queryOf } from './state/filters';
import { type Inbox, reduceInbox } from './state/inbox';
import type { Store } from './state/store';

const firstPage = 50;
const nextPage = 200;
// protocol: at most as many ids in one request.
const mostIds = 200;
// A burst of changes makes one request; when they do not end, it is one a second.
const firstAfter = 250;
const nextAfter = 1_000;

/**
 * Keeps the list that is shown up to date: pages as they are scrolled to, and of what changes the rows alone, so that a
 * busy day does not load the list again and again.
 */
export class Lists {
	private view: ViewName = 'queue';
	private filters: Filters = {};
	private ticket = 0;
	private waiting = new Set<string>();
	private whole = false;
	private timer: ReturnType<typeof setTimeout> | undefined;
	private askedAt = 0;

	constructor(
		private readonly api: Api,
		private readonly inbox: Store<Inbox>,
	) {}

	show(view: ViewName, filters: Filters): void {
		this.view = view;
		this.filters = filters;
		void this.load();
	}

	stop(): void {
		clearTimeout(this.timer);
		this.timer = undefined;
		this.ticket++;
	}

	/** The first page of what is shown. */
	load = (): Promise<void> => {
		this.waiting.clear();
		this.whole = false;
		return this.fetch('', firstPage);
	};

	/** The page behind those that are there, unless it is on its way. */
	more = async (): Promise<void> => {
		const { cursor, loading, problem } = this.inbox.get().lists[this.view];
		if (cursor && !loading && !problem) await this.fetch(cursor, nextPage);
	};

	/** Conversations have changed; with none, it is not known which. */
	changed(ids: string[]): void {
		for (const id of ids) this.waiting.add(id);
		if (ids.length === 0 || this.waiting.size > mostIds) this.whole = true;
		const wait = Math.max(firstAfter, this.askedAt + nextAfter - Date.now());
		this.timer ??= setTimeout(() => void this.renew(), wait);
	}

	private async renew(): Promise<void> {
		this.timer = undefined;
		this.askedAt = Date.now();
		if (this.whole) return this.load();
		const ids = [...this.waiting];
		this.waiting.clear();
		const { view, filters, ticket } = this;
		// A page that is on its way may be older than the change.
		if (this.inbox.get().lists[view].rows === null) return;
		try {
			const page = await this.api.conversations(view, mostIds, '', { ...queryOf(filters), ids: ids.join() });
			if (this.ticket !== ticket || view !== this.view) return this.changed(ids);
			const down = falls(view, filters.sort);
			this.inbox.update((inbox) => reduceInbox(inbox, { type: 'changed', view, ids, page, down }));
		} catch (thrown) {
			// What is shown stays; the next change tries again.
			if (!isAbort(thrown) && problemOf(thrown).passing) for (const id of ids) this.waiting.add(id);
		}
	}

	private async fetch(cursor: string, limit: number): Promise<void> {
		const { view, filters } = this;
		const ticket = ++this.ticket;
		const down = falls(view, filters.sort);
		this.inbox.update((inbox) => reduceInbox(inbox, { type: 'loading', view, key: keyOf(filters) }));
		try {
			const page = await this.api.conversations(view, limit, cursor, queryOf(filters));
			// An answer that a newer question has overtaken would bring back what has gone.
			if (this.ticket !== ticket) return;
			this.inbox.update((inbox) => reduceInbox(inbox, { type: 'loaded', view, page, more: cursor !== '', down }));
		} catch (thrown) {
			if (this.ticket !== ticket || isAbort(thrown)) return;
			this.inbox.update((inbox) => reduceInbox(inbox, { type: 'failed', view, problem: problemOf(thrown) }));
		}
	}
}
