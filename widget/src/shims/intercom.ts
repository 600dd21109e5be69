// Pages written for Intercom: intercomSettings, and Intercom(...) with what was called before it was there.

import { call, command, introduce, load, tell, unload } from './base';

interface Settings extends Record<string, unknown> {
	app_id?: string;
	alignment?: string;
	background_color?: string;
	action_color?: string;
	language_override?: string;
	theme_mode?: string;
	custom_launcher_selector?: string;
	company?: { name?: string; plan?: string };
}
type Intercom = ((...args: unknown[]) => unknown) & { q?: ArrayLike<unknown>[] };

const w = window as unknown as { Intercom?: Intercom; intercomSettings?: Settings };
let booted = false;
let selector: string | undefined;
/** A shutdown that has not ended. */
let ending: Promise<unknown> | undefined;

function say(settings: Settings): void {
	const { user_id, user_hash, intercom_user_jwt: jwt, email, name, company, ...rest } = settings;
	selector = rest.custom_launcher_selector ?? selector;
	if (jwt) tell('identify', { jwt });
	const more: Record<string, unknown> = {
		...rest,
		...(company && { company: company.name, plan: rest.plan ?? company.plan }),
	};
	// What is no attribute of the customer.
	for (const k in more)
		if (/^(app_id|api_base|z_index|hide_|custom_l|language_|theme_)|^alignment|_(color|padding)$/.test(k))
			delete more[k];
	introduce({ user_id, user_hash: jwt ? undefined : user_hash, email, name }, more);
	if ('hide_default_launcher' in rest) tell(rest.hide_default_launcher ? 'hide' : 'show');
}

const show = () => tell('open');
const commands = {
	boot(settings: Settings = w.intercomSettings ?? {}): void {
		if (ending) return void ending.then(() => commands.boot(settings));
		const {
			alignment: position,
			background_color,
			action_color,
			language_override: locale,
			theme_mode: theme,
		} = settings;
		load(settings.app_id, { position, colour: background_color ?? action_color, locale, theme });
		say(settings);
		booted = true;
	},
	update: (settings?: Settings) => settings && say(settings),
	shutdown: () => {
		if (!booted) return;
		booted = false;
		ending = call('shutdown')
			.then(unload, console.warn)
			.then(() => {
				ending = undefined;
			});
	},
	show,
	showMessages: show,
	showSpace: show,
	showConversation: show,
	hide: () => tell('close'),
	showNewMessage: (text = '') => tell('message', text, { send: false }),
	showArticle: (id: unknown) => tell('article', id),
	trackEvent: (name: string, properties?: object) => tell('event', name, properties),
	onShow: (f: () => void) => tell('on', 'open', f),
	onHide: (f: () => void) => tell('on', 'close', f),
	onUnreadCountChange: (f: () => void) => tell('on', 'unread', f),
	reattach_activator: () => {},
};

const queue = w.Intercom?.q ?? [];
w.Intercom = (name, ...args) => command(commands, name, ...args);
document.addEventListener('click', (e) => {
	if (selector && (e.target as Element).closest(selector)) show();
});
if (w.intercomSettings) commands.boot();
for (const args of Array.from(queue)) w.Intercom(...Array.from(args));
