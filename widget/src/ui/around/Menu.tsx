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
/** The list is a form for the address that the conversation is sent to. */
let mails = false;
/** It was sent, and the form stays until that is taken: else it says why not. */
let asked = false;
const hide = () => document.getElementById(id)?.hidePopover();

/** Escape closes the list while it is open, not the window. */
function own(e: KeyboardEvent): void {
	if (e.key === 'Escape' && document.getElementById(id)?.matches(':popover-open')) e.stopPropagation();
}

export function Menu({ shell }: { shell: Shell }): Child {
	const { client } = shell;
	if (!('popover' in document.body)) return; // a browser from before 2024
	const { log, face, box } = client;
	const closed = log.entries.findLast((e) => e.change)?.change?.status === 'closed';
	const sound = wanted(box);
	const known = log.entries.findLast((e) => e.contact);
	const asks = () => client.pending.some((i) => i.frame.t === 'transcript');
	if (asked && !asks()) after(hide);
	const show = (form: boolean) => {
		mails = form;
		asked = false;
		draw();
	};
	/** A line of the list; it goes when it has been chosen. */
	const line = (words: string, act: () => void) => (
		<button type="button" onclick={act} popovertarget={id} popovertargetaction="hide">
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
				if (e.newState === 'closed') show(false);
			}}
		>
			{mails
				? cards()?.Transcript({
						client,
						known: known?.contact?.email ?? '',
						// It closes itself when it has asked as when it was left.
						close: () => {
							asked = asks();
							if (!asked) hide();
						},
					})
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
						!closed && face?.transcript && log.seq > 0 && (
							<button type="button" onclick={() => show(true)}>
								{t.mailChat}
							</button>
						),
						!closed && line(t.newChat, shell.home),
					]}
		</div>,
	];
}
