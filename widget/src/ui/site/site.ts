// What the page around asks for (docs/javascript.md), loaded with its first call.

import type { Client } from '../../core/client';
import type { Call } from '../../frame';
import type { Related, SetContext } from '../../protocol';
import { speak, t } from '../../text/words';
import type { App } from '../App';
import { draw } from '../draw';
import { serve as greet } from '../proactive/Proactive';
import { Identity } from './identity';
import { Tracking } from './tracking';
import type { Who } from './who';

/** In which a database forgets what it was told to. */
const settles = 100;

/** How long a callback of the page may take. */
const patience = 15_000;
/** What waits until the inbox has said what it keeps. */
const tracked = /^(consent|context|event)$/;

class Site {
	readonly #app: App;
	readonly #tracking: Tracking;
	readonly #identity: Identity;
	#asked = 0;
	#answers = new Map<number, (token: unknown) => void>();

	constructor(app: App) {
		const { client, frame } = app;
		this.#app = app;
		this.#tracking = new Tracking(client);
		this.#identity = new Identity(
			client,
			() => this.#token(),
			() => this.#startOver(),
		);
		frame.onToken = (id, token) => {
			this.#answers.get(id)?.(token);
			this.#answers.delete(id);
		};
		client.onFrame = (f) => this.#tracking.heard(f);
		const changed = client.onChange;
		client.onChange = () => {
			changed();
			this.serve();
		};
		const consent = frame.tag.get('consent');
		if (consent !== null) this.#tracking.consent(!/^(false|denied|no)$/.test(consent));
	}

	/** Does what is to be done. */
	serve(): void {
		const { client, frame } = this.#app;
		for (const call of frame.calls.splice(0)) {
			if (tracked.test(call.m) && !client.face) frame.calls.push(call);
			else this.#do(call);
		}
		this.#tracking.serve();
		if (this.#app.client.face?.proactive) greet(this.#app);
	}

	async #do({ id, m, a }: Call): Promise<void> {
		const { frame } = this.#app;
		try {
			const method = this.#methods[m];
			if (!method) throw new Error(`no method ${m}`);
			const v = await method(a[0] as never, a[1] as never);
			frame.say({ t: 'done', id, v, end: m === 'shutdown' });
			if (m === 'logout') location.reload();
		} catch (e) {
			frame.say({ t: 'done', id, e: e instanceof Error ? e.message : `${e}` });
		}
	}

	readonly #methods: Record<string, (x: never, y: never) => unknown> = {
		message: (text: unknown, how?: { send?: boolean }) => {
			const { client, composer } = this.#app;
			this.#app.show(true);
			if (how?.send === false) composer.write(text === undefined ? '' : `${text}`);
			else client.send(`${text}`);
		},
		article: (id: unknown) => this.#app.open({ article: `${id}` } as Related, 0),
		identify: (who: Who) => this.#identity.identify(Object(who)),
		logout: () => this.#wipe(),
		shutdown: () => this.#wipe(),
		locale: async (tag: unknown) => {
			const { connection, world } = this.#app.client;
			world.locale = Intl.getCanonicalLocales(`${tag}`)[0] ?? '';
			await speak(world.locale);
			draw();
			// The server speaks as the widget does, from the next hello on.
			connection.drop();
			connection.wake();
			return t.locale;
		},
		theme: (theme: unknown) => {
			const scheme = { light: 'light', dark: 'dark', auto: 'light dark' }[`${theme}`];
			if (!scheme) throw new Error('Themes: light, dark and auto.');
			document.documentElement.style.colorScheme = scheme;
			const { frame } = this.#app;
			frame.wear({ css: `${frame.face.css ?? ''}:host{color-scheme:${scheme}!important}` });
		},
		consent: (given: unknown) => this.#tracking.consent(given === true),
		context: (attributes: unknown) => this.#tracking.context(plain(attributes)),
		event: (name: unknown, properties?: unknown) => this.#tracking.event(`${name}`, plain(properties)),
	};

	#token(): Promise<unknown> {
		const id = ++this.#asked;
		return new Promise((ok, no) => {
			this.#answers.set(id, ok);
			setTimeout(no, patience);
			this.#app.frame.say({ t: 'ask', id });
		});
	}

	/** Forgets all that this browser keeps of the visitor. */
	async #wipe(): Promise<void> {
		const { client, frame } = this.#app;
		client.connection.stop();
		client.box.set('out', 1); // the other tabs hear of it: see leave
		forget(client);
		frame.wear({ idle: false, badge: '' });
		await new Promise((written) => setTimeout(written, settles));
	}

	/** The customer is another one: nothing of the first is left in this window, and the page says again who it is. */
	#startOver(): never {
		const { client } = this.#app;
		client.connection.stop();
		forget(client);
		location.reload();
		throw Error();
	}
}

/** What an attribute can be. The rest is left out: pages hand over whole objects of theirs. */
function plain(of: unknown): SetContext['attributes'] {
	const kept = Object.entries(Object(of)).filter(([, v]) => v === null || /^(string|number|boolean)$/.test(typeof v));
	return Object.fromEntries(kept) as SetContext['attributes'];
}

/** What is kept here of the visitor: words on their way, then all else. */
function forget({ outbox, box }: Client): void {
	for (const item of outbox.items) outbox.remove(item.frame.d.client_id);
	for (const name of box.names('')) box.remove(name);
}

const sites = new WeakMap<App, Site>();

export function serve(app: App): void {
	const site = sites.get(app) ?? new Site(app);
	sites.set(app, site);
	site.serve();
}
