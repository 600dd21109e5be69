import type { ActionsSetting, OpenAPIOperations } from '../protocol';

/** What the server calls action.Action: one thing that the shop's API can do. */
export interface Action {
	name: string;
	title: string;
	description?: string;
	service: string;
	method?: string;
	path?: string;
	tool?: string;
	parameters?: Schema;
	in?: Record<string, string>;
	bind?: Record<string, string>;
	ask?: Record<string, string>;
	results?: { name: string; label: string; path: string; kind?: string; values?: Record<string, string> }[];
	say: string;
	absent?: string;
	triggers?: string[];
	write?: boolean;
	confirm?: string;
	verified?: boolean;
	timeout_ms?: number;
	max_bytes?: number;
	inboxes: string[] | null;
}

interface Schema {
	type: string;
	properties?: Record<string, { title?: string; description?: string; pattern?: string }>;
	required?: string[];
}

export interface Service {
	name: string;
	base: string;
	headers?: { name: string; prefix?: string; secret: string }[];
}

export interface Config {
	services: Service[];
	actions: Action[];
}

export interface ServerTools {
	server: string;
	error?: string;
	tools: { name: string; title?: string; description?: string; parameters: Schema; read_only: boolean }[];
}

export const configOf = (setting: ActionsSetting) => setting.value as Config;
export const serversOf = (setting: ActionsSetting) => (setting.servers ?? []) as ServerTools[];
export const offeredOf = (read: OpenAPIOperations) => read.actions as Action[];

/** How an action is asked of the shop, in a line. */
export function requestOf(a: Action): string {
	return a.tool ? `${a.service.replace(/^mcp:/, '')} · ${a.tool}` : `${a.method} ${a.path}`;
}

export const isOn = (a: Action, inbox: string) => (a.inboxes ?? []).includes(inbox);

/** The config with an action switched on or off in an inbox. */
export function switched(config: Config, name: string, inbox: string, on: boolean): Config {
	const change = (a: Action): Action => {
		const others = (a.inboxes ?? []).filter((id) => id !== inbox);
		return { ...a, inboxes: on ? [...others, inbox] : others };
	};
	return { ...config, actions: config.actions.map((a) => (a.name === name ? change(a) : a)) };
}

/** The config with an action in the place of the one of that name. */
export function replaced(config: Config, name: string, by: Action | null): Config {
	return { ...config, actions: config.actions.flatMap((a) => (a.name !== name ? [a] : by ? [by] : [])) };
}

/** The config with chosen operations of a document, and its service if there is none of that address. */
export function added(config: Config, base: string, chosen: Action[]): Config {
	const known = config.services.find((s) => s.base === base);
	const free = (list: { name: string }[], name: string) => {
		let n = name;
		for (let i = 2; list.some((x) => x.name === n); i++) n = `${name}_${i}`;
		return n;
	};
	const service = known?.name ?? free(config.services, 'shop');
	const services = known ? config.services : [...config.services, { name: service, base }];
	const actions = [...config.actions];
	for (const a of chosen) actions.push({ ...a, name: free(actions, a.name), service, inboxes: [] });
	return { services, actions };
}
