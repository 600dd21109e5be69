// All tabs of a visitor share one connection: it belongs to the tab that holds the lock, and ends with it. The others
// speak through that tab (panes/site, which comes when there is a second one). Without Web Locks each has its own.

import type { Connection, Socket } from './connection';
import type { Hub, Told } from './tabs/hub';

const pane = () => import('../panes/site');

export class Tabs {
	/** This tab's own connection. */
	declare socket: Socket | undefined;
	#held = ''; // the lock
	#release = () => {};
	#hub: Hub | undefined;

	constructor(readonly line: () => Connection) {}

	/** The tab came to hold the lock, or lost it: it needs another connection. */
	again(): void {
		this.line().drop();
		this.line().wake();
	}

	/** The connection of the tabs that share name: this tab's own if it holds the lock or gets it; "" shares nothing. */
	async open(name: string, connect: () => Promise<Socket>): Promise<Socket> {
		if (!name || !navigator.locks) return connect();
		if (this.#held !== name) {
			this.#release();
			if (!(await this.take(name, { ifAvailable: true }))) return (await pane()).follow(this, name);
		}
		this.socket = await connect();
		this.#hub?.attach(this.socket);
		return this.socket;
	}

	/** Asks for the lock, and keeps it until another visitor comes, or a tab steals it that found this one asleep. */
	take(name: string, how: LockOptions): Promise<boolean> {
		return new Promise((got) => {
			navigator.locks
				.request(name, how, (lock) => {
					got(!!lock);
					return lock && this.#lead(name);
				})
				.catch(() => {
					got(true); // no locks here: what cannot be shared is this tab's own
					if (this.#held !== name) return;
					this.#release();
					this.again();
				});
		});
	}

	#lead(name: string): Promise<void> {
		const channel = new BroadcastChannel(name);
		this.#held = name;
		channel.onmessage = ({ data }: MessageEvent<Told>) => {
			if (data.t !== 'say') return; // of another leader, while one of the two does not know yet
			channel.postMessage({ t: 'here' });
			pane().then(
				({ Hub }) => {
					this.#hub ??= new Hub(this, channel);
					this.#hub.take(data);
				},
				() => {}, // the other tab asks again
			);
		};
		channel.postMessage({ t: 'lead' });
		return new Promise((release) => {
			this.#release = () => {
				this.#held = '';
				this.socket = this.#hub = undefined;
				channel.close();
				release();
			};
		});
	}
}
