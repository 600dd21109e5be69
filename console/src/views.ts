import type { Api } from './api';
import type { SavedView, SavedViewRequest } from './protocol';
import { createStore } from './state/store';

/** Where a saved view is. */
export const addressOf = ({ view, query }: SavedView) => `/inbox/${view}${query && `?${query}`}`;

/** The lists that this agent and the team have saved, this agent's first. */
export class SavedViews {
	readonly list = createStore<SavedView[]>([]);

	constructor(private readonly api: Api) {}

	/** Asks for what colleagues may have changed. A failure leaves what is known: opening the menu asks again. */
	load = async (): Promise<void> => {
		try {
			this.list.set((await this.api.savedViews()).data ?? []);
		} catch {
			// The list itself tells that there is no connection.
		}
	};

	/** Saves one, in the place of the one with that id. */
	async save(id: string | undefined, body: SavedViewRequest): Promise<SavedView> {
		const saved = await (id ? this.api.putSavedView(id, body) : this.api.createSavedView(body));
		await this.load();
		return saved;
	}

	async drop(id: string): Promise<void> {
		await this.api.dropSavedView(id);
		await this.load();
	}
}
