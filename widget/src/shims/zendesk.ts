// Pages written for Zendesk: zE('messenger', …) and the classic zE('webWidget', …), with zESettings.

import { call, command, load, popOut, tell } from './base';

type Give = (token: string) => void;
type Table = Record<string, (...args: never[]) => unknown>;
interface Settings {
	webWidget?: { color?: Record<string, string>; position?: { horizontal?: string }; launcher?: { hidden?: boolean } };
}

const w = window as unknown as { zE?: unknown; zESettings?: Settings };
const does = (...names: string[]): Table => Object.fromEntries(names.map((name) => [name, () => tell(name)]));
const locale = (tag: string) => tell('locale', tag);
const logout = () => tell('logout');
const values = (of: Record<string, { value?: unknown }>) =>
	tell('context', Object.fromEntries(Object.entries(of).map(([name, field]) => [name, field?.value])));
/** Listens, and gives what ends that. */
const on = (name: string) => (f: (detail: unknown) => void) => {
	const listener = (detail: unknown) => f(detail);
	tell('on', name, listener);
	return () => tell('off', name, listener);
};
const listens: Table = {
	open: on('open'),
	close: on('close'),
	unreadMessages: on('unread'),
	'chat:unreadMessages': on('unread'),
};
const shown = does('open', 'close', 'toggle', 'show', 'hide');

const areas: Record<string, Table> = {
	messenger: {
		...shown,
		loginUser: (jwt: (give: Give) => void, done?: (err: unknown) => void) =>
			void call('identify', { token: () => new Promise<string>(jwt) }).then(
				() => done?.(null),
				(err) => done?.({ type: 'LoginFailedError', reason: `${err}`, message: `${err}` }),
			),
		logoutUser: logout,
	},
	'messenger:set': {
		locale,
		conversationFields: (fields: { id: string; value: unknown }[]) =>
			tell('context', Object.fromEntries(fields.map((f) => [`field ${f.id}`, f.value]))),
		conversationTags: (tags: string[]) => tell('context', { tags: tags.join(', ').slice(0, 250) }),
		// The choice of the site's cookie banner.
		cookies: (allowed: boolean | string) => tell('consent', allowed === true || allowed === 'all'),
	},
	'messenger:on': listens,
	webWidget: {
		...shown,
		identify: (who: object) => tell('context', who),
		prefill: values,
		setLocale: locale,
		logout,
		reset: logout,
		updatePath: () => {}, // pages are followed by themselves
		popout: popOut,
	},
	'webWidget:on': listens,
};

if (!w.zE) {
	const { color, position, launcher } = w.zESettings?.webWidget ?? {};
	load(undefined, { colour: color?.launcher ?? color?.theme, position: position?.horizontal });
	if (launcher?.hidden) tell('hide');
	w.zE = (area: string | (() => void), name: unknown, ...args: unknown[]) =>
		typeof area === 'function' ? area() : command(areas[area] ?? {}, name, ...args);
}
