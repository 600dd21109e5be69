// What the shims share: a page that was written for another widget loads one of them in that one's place, and it loads
// ours. Where a page's code names its account, that may be the inbox's key; else the shim's own tag or address has it.

type Frontdesk = ((...args: unknown[]) => Promise<unknown>) & { q?: unknown[]; ready?: boolean };

const w = window as unknown as { Frontdesk?: Frontdesk };
// Only now is it known which script this is.
const own = document.currentScript as HTMLScriptElement;
const url = new URL(own.src);
let ours: HTMLScriptElement | undefined;

/** Calls our widget, now or when it is there. */
export function call(...args: unknown[]): Promise<unknown> {
	if (!w.Frontdesk) {
		const q: unknown[] = [];
		w.Frontdesk = Object.assign((...a: unknown[]) => new Promise((ok) => q.push(Object.assign(a, { ok }))), { q });
	}
	return w.Frontdesk(...args);
}

/** As call; what goes wrong is said on the console, as the other widget would. */
export const tell = (...args: unknown[]): void => void call(...args).catch(console.warn);

/** Puts our loader into the page, unless it is there. tag are its attributes. */
export function load(account: unknown, tag: Record<string, string | undefined>): void {
	if (ours || w.Frontdesk?.ready) return;
	ours = document.createElement('script');
	const inbox = own.dataset.inbox ?? url.searchParams.get('inbox') ?? url.searchParams.get('key') ?? account;
	for (const [name, value] of Object.entries({ ...tag, inbox })) if (value) ours.dataset[name] = `${value}`;
	ours.src = new URL('frontdesk.js', url).href;
	document.head.append(ours);
}

/** After shutdown: the next load begins anew. */
export function unload(): void {
	ours?.remove();
	ours = w.Frontdesk = undefined;
}

/** The chat as a page of its own. */
export const popOut = (): void => void open(new URL(`/chat?inbox=${ours?.dataset.inbox}`, url));

/** Who the customer is if a hash shows it; else what the page says of them, and what it says beside. */
export function introduce(
	who: { user_id?: unknown; user_hash?: unknown; email?: unknown; name?: unknown },
	more: object,
): void {
	if (who.user_hash) tell('identify', who);
	tell('context', who.user_hash ? more : { ...who, ...more });
}

/** A command of a table; of what is not there it says that it does nothing. */
export function command(
	table: Record<string, (...args: never[]) => unknown>,
	name: unknown,
	...args: unknown[]
): unknown {
	if (Object.hasOwn(table, `${name}`)) return table[`${name}`]?.(...(args as never[]));
	console.warn(`Frontdesk has no counterpart of ${name}.`);
}
