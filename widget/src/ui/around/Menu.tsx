// What else can be done in a conversation: a button in its header, and a list that the browser opens and closes (the
// popover API: Escape, a click beside it, focus back to the button).

import { t } from '../../text/words';
import type { Child } from '../../vnode';
import { after, draw } from '../draw';
import { Icon } from '../Icon';
import { lazy } from '../lazy';
import type { Shell } from '../parts';
import { ring, wanted } from './notify';

const cards = lazy(() => import('../../panes/cards'));
const dots = 'M5 10h0M10 10h0M15 10h0';
const id = 'menu';
/** What stands in the list's place: a form for the address that the conversation is sent to, or whether it is to end. */
let instead: { what: 'mail' | 'end' } | undefined;
const list = () => document.getElementById(id);
const hide = () => list()?.hidePopover();

/** Escape closes the list while it is open, not the window. */
function own(e: KeyboardEvent): void {
	if (e.key === 'Escape' && list()?.matches(':popover-open')) e.stopPropagation();
}

export function Menu({ shell }: { shell: Shell }): Child {
	const { client } = shell;
	if (!('popover' in document.body)) return; // a browser from before 2024
	const { log, face, box } = client;
	const closed = log.entries.findLast((e) => e.change)?.change?.status === 'closed';
	const sound = wanted(box);
	const open = !closed && log.seq > 0;
	const ends = open && !client.pending.some((i) => i.frame.t === 'end');
	const show = (what?: 'mail' | 'end') => {
		instead = what && { what };
		draw();
		return true;
	};
	/** A line of the list, which goes when it has been chosen, unless act gives true: something else takes its place. */
	const line = (words: string, act: (e: MouseEvent) => unknown, kind?: string) => (
		<button
			type="button"
			class={kind}
			onclick={(e) => {
				if (!act(e)) hide();
			}}
		>
			{words}
		</button>
	);
	return [
		<button type="button" class="icon" aria-label={t.menu} popovertarget={id} onkeydown={own}>
			<Icon d={dots} />
		</button>,
		// biome-ignore lint/a11y/noStaticElementInteractions: for whatever has focus in it
		<div
			id={id}
			popover="auto"
			onkeydown={own}
			ontoggle={(e: ToggleEvent) => {
				if (e.newState === 'closed') show();
			}}
		>
			{instead?.what === 'mail'
				? cards()?.Transcript({
						client,
						of: instead,
						known: log.entries.findLast((e) => e.contact)?.contact?.email ?? '',
						close: hide,
					})
				: ends && instead
					? [
							<p class="card" tabIndex={-1}>
								{t.endAsk}
							</p>,
							// The second click of two that were meant for the list ends nothing.
							line(t.endChat, (e) => e.detail < 2 && client.act('end', {}), 'primary'),
							line(t.endNo, draw),
						]
					: [
							<button
								type="button"
								role="switch"
								aria-checked={`${sound}`}
								onclick={() => {
									box.set('sound', !sound);
									if (!sound) ring();
									draw();
								}}
							>
								{t.sound}
								<i />
							</button>,
							closed && line(t.person, () => client.askPerson()),
							open && face?.transcript && line(t.mailChat, () => show('mail')),
							!closed && line(t.newChat, shell.home),
							ends &&
								line(t.endChat, () => {
									// To the question: it is read, and no key that is pressed twice answers it.
									after(() => list()?.querySelector('p')?.focus());
									return show('end');
								}),
						]}
		</div>,
	];
}
