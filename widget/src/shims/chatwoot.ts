// Pages written for Chatwoot: chatwootSettings, chatwootSDK.run, $chatwoot, and its events.

import { call, introduce, load, popOut, tell } from './base';

interface Settings {
	hideMessageBubble?: boolean;
	position?: string;
	locale?: string;
	darkMode?: string;
}

const w = window as unknown as { chatwootSettings?: Settings; chatwootSDK?: unknown; $chatwoot?: unknown };
const fire = (name: string) => dispatchEvent(new CustomEvent(`chatwoot:${name}`));
const set = (of: object) => tell('context', of);
const drop = (name: string) => tell('context', { [name]: null });

function run({ websiteToken }: { websiteToken?: string } = {}): void {
	if (w.$chatwoot) return;
	const { position, locale, darkMode: theme, hideMessageBubble } = w.chatwootSettings ?? {};
	load(websiteToken, { position, locale, theme });
	const chatwoot = {
		hasLoaded: false,
		isOpen: false,
		toggle: (state?: 'open' | 'close') => tell(state ?? 'toggle'),
		toggleBubbleVisibility: (to: 'show' | 'hide') => tell(to),
		popoutChatWindow: popOut,
		setUser: (user_id: string, user: Record<string, unknown> = {}) => {
			const { identifier_hash: user_hash, email, name, avatar_url, ...more } = user;
			introduce({ user_id, user_hash, email, name }, more);
		},
		setCustomAttributes: set,
		deleteCustomAttribute: drop,
		setConversationCustomAttributes: set,
		deleteConversationCustomAttribute: drop,
		setLabel: (label: string) => set({ [`label ${label}`]: true }),
		removeLabel: (label: string) => drop(`label ${label}`),
		setLocale: (tag: string) => tell('locale', tag),
		setColorScheme: (scheme: string) => tell('theme', scheme),
		reset: () => tell('logout'),
	};
	w.$chatwoot = chatwoot;
	for (const name of ['open', 'close'])
		tell('on', name, () => {
			chatwoot.isOpen = name === 'open';
			fire(name === 'open' ? 'opened' : 'closed');
		});
	call(hideMessageBubble ? 'hide' : 'show').then(() => {
		chatwoot.hasLoaded = true;
		fire('ready');
	});
}

w.chatwootSDK = { run };
