// Keeps the end of the conversation in view, unless the reader has scrolled up, or there is room for an answer
// (around/room.ts). A long answer is shown from its beginning.

import type { Client } from '../core/client';

/** Nearer to the end than this counts as being there, in px: two lines of text and the space below. */
const near = 80;

export class Stick {
	#el: Element | null = null;
	readonly #client: Client;
	#atEnd = true;
	#seq = 0;

	constructor(client: Client) {
		this.#client = client;
		// A keyboard that opens: what was at the end stays there. All else that grows is drawn.
		addEventListener('resize', () => this.#follow());
	}

	scrolled = (): void => {
		const el = this.#el;
		if (el) this.#atEnd = el.scrollHeight - el.scrollTop - el.clientHeight < near;
	};

	/** After each drawing. */
	drawn(): void {
		const { log, last } = this.#client;
		const el = document.querySelector('.chat');
		const fresh = this.#seq !== log.seq;
		this.#seq = log.seq;
		this.#el = el;
		if (!this.#follow() || !el) return;
		const answer = fresh && last?.from.kind === 'bot' && document.getElementById(`m${last.seq}`);
		if (!answer || answer.offsetHeight <= el.clientHeight) return;
		el.scrollTop = answer.offsetTop - 12;
		this.#atEnd = false;
	}

	/** Goes to the end, if that is to be seen. */
	#follow(): boolean {
		const el = this.#el;
		const follows = !!el && this.#atEnd && !(el.firstElementChild as HTMLElement).style.minHeight;
		if (follows) el.scrollTop = el.scrollHeight;
		return follows;
	}
}
