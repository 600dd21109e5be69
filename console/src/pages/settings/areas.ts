import { type ComponentType, lazy } from 'react';
import type { Role } from '../../protocol';
import type { Key } from '../../text';
import type { IconName } from '../../ui/Icon';
import type { AreaProps } from './area';

export interface Area {
	/** Its place in the address: /settings/slug. */
	slug: string;
	icon: IconName;
	name: Key;
	/** What is set there, in a few words: for the list on a phone. */
	hint: Key;
	Page: ComponentType<AreaProps>;
	/** Who may set it; left out: admins. */
	needs?: Role;
	/** The settings are of the workspace, so that no inbox is chosen. */
	everywhere?: boolean;
}

/** The areas of Settings in the order of the list. Another one is one line here and a page of its own (see Head). */
export const areas: Area[] = [
	{
		slug: 'voice',
		icon: 'chat',
		name: 'settings.voice',
		hint: 'settings.voiceHint',
		Page: lazy(() => import('./voice/Voice')),
	},
	{
		slug: 'widget',
		icon: 'window',
		name: 'widget.title',
		hint: 'widget.hint',
		Page: lazy(() => import('./widget/Widget')),
	},
	{
		slug: 'routing',
		icon: 'transfer',
		name: 'settings.routing',
		hint: 'settings.routingHint',
		Page: lazy(() => import('./routing/Routing')),
		everywhere: true,
	},
	{
		slug: 'models',
		icon: 'sliders',
		name: 'settings.models',
		hint: 'settings.modelsHint',
		Page: lazy(() => import('./models/Models')),
		everywhere: true,
	},
	{
		slug: 'mail',
		icon: 'mail',
		name: 'settings.mail',
		hint: 'settings.mailHint',
		Page: lazy(() => import('./mail/Mail')),
		everywhere: true,
	},
	{
		slug: 'actions',
		icon: 'table',
		name: 'settings.actions',
		hint: 'settings.actionsHint',
		Page: lazy(() => import('./actions/Actions')),
	},
	{
		slug: 'macros',
		icon: 'slash',
		name: 'settings.macros',
		hint: 'settings.macrosHint',
		Page: lazy(() => import('./macros/Macros')),
		needs: 'agent',
		everywhere: true,
	},
	{
		slug: 'tags',
		icon: 'list',
		name: 'tags.title',
		hint: 'settings.tagsHint',
		Page: lazy(() => import('./tags/Tags')),
		everywhere: true,
	},
	{
		slug: 'sign-in',
		icon: 'lock',
		name: 'settings.signin',
		hint: 'settings.signinHint',
		Page: lazy(() => import('./signin/SignInPage')),
		everywhere: true,
	},
	{
		slug: 'audit',
		icon: 'history',
		name: 'settings.audit',
		hint: 'settings.auditHint',
		Page: lazy(() => import('./audit/Audit')),
		everywhere: true,
	},
];
