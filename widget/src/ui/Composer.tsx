// Where the customer writes. What is written survives a reload; being offline does not disable it.

import type { Client } from '../core/client';
import { t } from '../text/words';
import { beside } from './beside';
import { after, draw } from './draw';
import { Icon, send as up } from './Icon';

/** Sends words; those with files as well as those alone. */
export type Send = (words: string, alone?: Send) => void;

interface Props {
	hint: string;
	send: Send;
	writing?: () => void;
}

const field = () => document.querySelector('textarea');

export class Composer {
	#words: string;

	constructor(readonly client: Client) {
		this.#words = client.box.get('words') ?? '';
	}

	/** Puts words into the field. */
	write(words: string) {
		this.#words = words;
		this.client.box.set('words', words);
		draw();
	}

	view({ hint, send, writing }: Props) {
		const words = this.#words;
		const files = beside()?.view(this.client);
		const ready = files?.send || words.trim();
		const submit = (e: Event) => {
			e.preventDefault();
			if (!ready) return;
			this.write('');
			(files?.send ?? send)(words, send);
			field()?.focus();
		};
		after(grow);
		return (
			<form class="wc" onsubmit={submit}>
				<div class="box">
					{files?.view}
					<textarea
						rows={1}
						dir={words ? 'auto' : null} // empty, it would be left to right, its hint too
						aria-label={t.yourMessage}
						placeholder={hint}
						value={words}
						oninput={(e) => {
							this.write(e.currentTarget.value);
							writing?.();
						}}
						onkeydown={(e) => {
							// A handler that gives false takes the key away.
							if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) submit(e);
						}}
					/>
					<button type="submit" class="go" aria-label={t.send} disabled={!ready}>
						<Icon d={up} />
					</button>
				</div>
			</form>
		);
	}
}

/** Grows with its text; the style sheet caps it at 6 lines. */
function grow(): void {
	const el = field();
	if (!el) return;
	el.style.height = '';
	if (el.value) el.style.height = `${el.scrollHeight}px`;
}
