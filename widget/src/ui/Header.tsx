// The line on top of every view: who is on the other side, the way to a person, and the way out.

import type { ComponentChildren } from 'preact';
import type { Client } from '../core/client';
import { clock, text } from '../text';
import { Icon } from './Icon';

/** What the views may ask of the window around them. */
export interface Shell {
	client: Client;
	/** Closes the window; undefined on a page of its own. */
	close: (() => void) | undefined;
}

export function Close({ shell }: { shell: Shell }) {
	return shell.close ? (
		<button type="button" class="icon" aria-label={text.close} onClick={shell.close}>
			<Icon name="x" />
		</button>
	) : null;
}

/** The bot's face is the mark, a person's the first letters of the name. */
export function Face({ name }: { name?: string | undefined }) {
	if (!name) return <span class="face"><Icon name="bell" /></span>;
	const letters = name.split(/\s+/).slice(0, 2).map((w) => [...w][0]);
	return <span class="face agent" aria-hidden="true">{letters.join('').toUpperCase()}</span>;
}

export function AI() {
	return <span class="ai">{text.ai}</span>;
}

export function PersonButton({ client }: { client: Client }) {
	return (
		<button type="button" class="person" aria-label={text.person} onClick={() => client.askPerson()}>
			<Icon name="person" />
			<span class="lg">{text.person}</span>
			<span class="sm">{text.personShort}</span>
		</button>
	);
}

export function Header({ shell }: { shell: Shell }) {
	const { client } = shell;
	const { owner, status, agent } = client.state;
	const brand = client.face?.brand ?? '';
	const open = status === 'open';
	const asked = client.pending.some((i) => i.frame.t === 'request_person');
	const mark = owner === 'agent' || (!open && agent) ? agent : '';
	return (
		<header class="wh">
			<Face name={mark} />
			<h1 class="nm" tabIndex={-1}>
				<b>{mark || brand}</b>
				<small>{about(client, brand)}</small>
			</h1>
			{owner === 'bot' && open && !asked && <PersonButton client={client} />}
			<Close shell={shell} />
		</header>
	);
}

function about(client: Client, brand: string): ComponentChildren {
	const { owner, status, notice, closedSeq } = client.state;
	if (status === 'closed') return text.chatEnded(clock(client.log.entries[closedSeq - 1]?.at ?? 0));
	if (owner === 'agent') return brand;
	if (owner === 'bot') return <>{text.assistant} <AI /></>;
	if (!notice || notice.kind === 'queued') return text.inLine;
	return client.face?.back_at ? text.backShort(client.face.back_at) : text.noOne;
}
