// Where the customer's words stand once they are said. A question for the bot goes to the top of the window, with room
// below: the answer grows into it, and takes the place of its draft, and nothing moves meanwhile.

import type { Client } from '../../core/client';

/** Above the question, in px. */
const gap = 12;

let known: unknown;

/** After each drawing. */
export function makeRoom({ outbox: { next }, state: { atBot } }: Client): void {
	const el = document.querySelector('.chat');
	const flow = el?.firstElementChild as HTMLElement | undefined;
	if (!el || !flow) return;
	const did = next !== known && next?.frame.t;
	known = next;
	// What a person says is followed at the end.
	if (!atBot) flow.style.minHeight = '';
	if (!did || did === 'feedback') return;
	const mine = did === 'send' && atBot && [...el.querySelectorAll<HTMLElement>('.me')].pop();
	const at = mine ? mine.offsetTop - gap : el.scrollHeight;
	// cqh is of the part of the window that scrolls, however much of it a keyboard takes.
	if (mine) flow.style.minHeight = `calc(100cqh + ${at}px)`;
	el.scrollTop = at;
}
