// The line on top of every view: who is on the other side, the way to a person, and the way out.

import type { ComponentChildren } from 'preact';
import type { Client } from '../../core/client';
import { derive } from '../../core/state';
import * as text from '../../text/chat';
import { clock } from '../../text/time';
import * as words from '../../text/window';
import { Icon, person } from '../Icon';
import { Close, Face, type Shell } from '../parts';

export function AI() {
	return <span class="ai">{text.ai}</span>;
}

export function PersonButton({ client }: { client: Client }) {
	return (
		<button type="button" class="person" aria-label={words.person} onClick={() => client.askPerson()}>
			<Icon d={person} />
			<span class="lg">{words.person}</span>
			<span class="sm">{text.personShort}</span>
		</button>
	);
}

export function Header({ shell }: { shell: Shell }) {
	const { client } = shell;
	const { owner, status, agent } = derive(client.log.entries);
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
	const { owner, status, notice, closedSeq } = derive(client.log.entries);
	if (status === 'closed') return text.chatEnded(clock(client.log.entries[closedSeq - 1]?.at ?? 0));
	if (owner === 'agent') return brand;
	if (owner === 'bot')
		return (
			<>
				{client.face?.bot || text.assistant} <AI />
			</>
		);
	if (!notice || notice.kind === 'queued') return text.inLine;
	return client.face?.back_at ? text.backShort(client.face.back_at) : text.noOne;
}
