// What the page around asks for (docs/javascript.md), loaded with its first call.

import type { Call } from '../../frame';
import type { Related, SetContext } from '../../protocol';
import { speak, t } from '../../text/words';
import type { App } from '../App';
import { draw } from '../draw';
import { serve as greet } from '../proactive/Proactive';
import { Identity } from './identity';
import { keep } from './jar';
import { Tracking } from './tracking';
import type { Who } from './who';

/** In which a database forgets what it was told to. */
const settles = 100;

/** How long a callback of the page may take. */
const patience = 15_000;
/** What waits until the inbox has said what it keeps. */
const tracked = /^(consent|context|event)$/;

const ends = () => import('../../panes/around');

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
			const method = Object.hasOwn(this.#methods, m) && this.#methods[m];
			needs(
				method,
				`no method ${m}; there are open, close, toggle, show, hide, ${Object.keys(this.#methods).join(', ')}`,
			);
			const v = await method(a[0] as never, a[1] as never);
			frame.say({ t: 'done', id, v, end: m === 'shutdown', again: id === 'who' });
			if (m === 'logout') location.reload();
		} catch (e) {
			frame.say({ t: 'done', id, e: Error(`Frontdesk: ${e instanceof Error ? e.message : e}`) });
		}
	}

	readonly #methods: Record<string, (x: never, y: never) => unknown> = {
		message: (text: unknown, how?: { send?: boolean }) => {
			const { client, composer } = this.#app;
			const drafts = how?.send === false;
			needs(typeof text === 'string' && (drafts || text.trim()), 'message needs words');
			this.#app.show(true);
			if (drafts) composer.write(text);
			else client.send(text);
		},
		article: (id: unknown) => {
			needs(id, 'article needs the id of one');
			this.#app.open({ article: `${id}` } as Related, 0);
		},
		identify: (who: Who) => this.#identity.identify(Object(who)),
		logout: () => this.#wipe(),
		shutdown: () => this.#wipe(),
		locale: async (tag: unknown) => {
			const { connection, world } = this.#app.client;
			needs(/^[a-z]{2,3}(-[a-z\d]{2,8})*$/i.test(`${tag}`), 'locale takes the tag of a language, as de or pt-BR');
			world.locale = Intl.getCanonicalLocales(`${tag}`)[0] ?? '';
			await speak(world.locale);
			draw();
			// The server speaks as the widget does, from the next hello on.
			connection.drop();
			connection.wake();
			return t.locale;
		},
		theme: (theme: unknown) => {
			needs(/^(light|dark|auto)$/.test(`${theme}`), 'theme takes light, dark or auto');
			const scheme = theme === 'auto' ? 'light dark' : `${theme}`;
			document.documentElement.style.colorScheme = scheme;
			const { frame } = this.#app;
			frame.wear({ css: `${frame.face.css ?? ''}:host{color-scheme:${scheme}!important}` });
		},
		consent: (given: unknown) => {
			needs(typeof given === 'boolean', 'consent takes true or false');
			return this.#tracking.consent(given);
		},
		context: (attributes: unknown) => {
			needs(Object(attributes) === attributes && !Array.isArray(attributes), 'context takes an object');
			return this.#tracking.context(plain(attributes));
		},
		event: (name: unknown, properties?: unknown) => {
			needs(name && typeof name === 'string', 'event needs a name');
			return this.#tracking.event(name, plain(properties));
		},
		// The loader does these, unless there is something wrong with them.
		on: wrongly,
		off: wrongly,
	};

	#token(): Promise<unknown> {
		const id = ++this.#asked;
		return new Promise((ok, no) => {
			this.#answers.set(id, (token) => (token instanceof Error ? no(token) : ok(token)));
			setTimeout(() => no(Error('no answer')), patience);
			this.#app.frame.say({ t: 'ask', id });
		});
	}

	/** Forgets all that this browser keeps of the visitor. */
	async #wipe(): Promise<void> {
		const { client, frame } = this.#app;
		(await ends()).leave(client);
		frame.wear({ idle: false, badge: '' });
		await new Promise((written) => setTimeout(written, settles));
		keep(this.#app.inbox, ''); // after an answer that came meanwhile
	}

	/** The customer is another one: nothing of the first is left in this window, and the page says again who it is. */
	#startOver(): never {
		ends().then(({ forget }) => {
			forget(this.#app.client);
			keep(this.#app.inbox, '');
			location.reload();
		});
		throw Error();
	}
}

/** Throws what is wrong with a call, for the page's developer. */
function needs(ok: unknown, words: string): asserts ok {
	if (!ok) throw new Error(words);
}

function wrongly(): void {
	needs(false, 'on and off take open, close or unread, and a function');
}

/** What an attribute can be. The rest is left out: pages hand over whole objects of theirs. */
function plain(of: unknown): SetContext['attributes'] {
	const kept = Object.entries(Object(of)).filter(([, v]) => v === null || /^(string|number|boolean)$/.test(typeof v));
	return Object.fromEntries(kept) as SetContext['attributes'];
}

const sites = new WeakMap<App, Site>();

export function serve(app: App): void {
	const site = sites.get(app) ?? new Site(app);
	sites.set(app, site);
	site.serve();
}
