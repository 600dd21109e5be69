import { type Api, isAbort, type Problem, problemOf } from './api';
import type { SearchHit } from './protocol';
import { createStore, type Store } from './state/store';

/** What a search found. Hits is null until the first page came. */
export interface Found {
	q: string;
	hits: SearchHit[] | null;
	cursor: string;
	loading: boolean;
	problem: Problem | null;
	/** The index is being brought up to date: there may be more. */
	behind: boolean;
}

export const nothingFound: Found = { q: '', hits: null, cursor: '', loading: false, problem: null, behind: false };

const pageSize = 20;

/** The search over conversations: the newest question counts. */
export class Finder {
	readonly found: Store<Found> = createStore(nothingFound);
	private asking: AbortController | undefined;

	constructor(private readonly api: Api) {}

	/** Looks for words; the hits of those before stay until the new ones come. */
	find(q: string): void {
		this.asking?.abort();
		if (!q.trim()) {
			this.found.set(nothingFound);
			return;
		}
		this.found.update((found) => ({ ...found, q, cursor: '' }));
		void this.page('');
	}

	more = (): void => {
		const { cursor, loading, problem } = this.found.get();
		if (cursor && !loading && !problem) void this.page(cursor);
	};

	retry = (): void => this.find(this.found.get().q);

	private async page(cursor: string): Promise<void> {
		const asking = new AbortController();
		this.asking = asking;
		const { q } = this.found.get();
		this.found.update((found) => ({ ...found, loading: true, problem: null }));
		try {
			const { data, next_cursor, behind } = await this.api.searchConversations(q, pageSize, cursor, asking.signal);
			this.found.update((found) => ({
				...found,
				hits: cursor ? [...(found.hits ?? []), ...(data ?? [])] : (data ?? []),
				cursor: next_cursor ?? '',
				loading: false,
				behind,
			}));
		} catch (thrown) {
			if (isAbort(thrown) || this.asking !== asking) return;
			this.found.update((found) => ({ ...found, loading: false, problem: problemOf(thrown) }));
		}
	}
}
