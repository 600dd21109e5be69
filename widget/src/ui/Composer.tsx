// Where the customer writes. What is written survives a reload; being offline does not disable it.

import type { Box } from '../core/storage';
import { t } from '../text/words';
import { after, draw } from './draw';
import { Icon, send as up } from './Icon';

interface Props {
	hint: string;
	send: (words: string) => void;
	writing?: () => void;
}

const field = () => document.querySelector('textarea');

export class Composer {
	#words: string;
	readonly #box: Box;

	constructor(box: Box) {
		this.#box = box;
		this.#words = box.get('words') ?? '';
	}

	/** Puts words into the field. */
	write(words: string) {
		this.#words = words;
		this.#box.set('words', words);
		draw();
	}

	view({ hint, send, writing }: Props) {
		const words = this.#words;
		const submit = (e: Event) => {
			e.preventDefault();
			if (!words.trim()) return;
			this.write('');
			send(words);
			field()?.focus();
		};
		after(grow);
		return (
			<form class="wc" onsubmit={submit}>
				<div class="box">
					<textarea
						rows={1}
						dir="auto"
						aria-label={t.yourMessage}
						placeholder={hint}
						value={words}
						oninput={(e) => {
							this.write(e.currentTarget.value);
							writing?.();
						}}
						onkeydown={(e) => e.key === 'Enter' && !e.shiftKey && !e.isComposing && submit(e)}
					/>
					<button type="submit" class="go" aria-label={t.send} disabled={!words.trim()}>
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
