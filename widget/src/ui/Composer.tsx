// Where the customer writes. What is written survives a reload; being offline does not disable it.

import { Component } from 'preact';
import type { Box } from '../core/storage';
import * as text from '../text/window';
import { Icon, send as up } from './Icon';

interface Props {
	box: Box;
	hint: string;
	send: (words: string) => void;
	writing?: () => void;
}

// A class, as are the other parts of the first load: hooks are 1.5 kB and come with the conversation.
export class Composer extends Component<Props> {
	#words = this.props.box.get<string>('words') ?? '';
	#field: HTMLTextAreaElement | null = null;

	#write(words: string) {
		this.#words = words;
		this.props.box.set('words', words);
		this.forceUpdate();
	}

	#submit() {
		const words = this.#words;
		if (!words.trim()) return;
		this.#write('');
		this.props.send(words);
		this.#field?.focus();
	}

	/** Grows with its text; the style sheet caps it at 6 lines. */
	override componentDidUpdate() {
		const el = this.#field;
		if (!el) return;
		el.style.height = '';
		if (this.#words) el.style.height = `${el.scrollHeight}px`;
	}

	override componentDidMount() {
		this.componentDidUpdate();
	}

	override render({ hint, writing }: Props) {
		return (
			<form
				class="wc"
				aria-label={text.yourMessage}
				onSubmit={(e) => {
					e.preventDefault();
					this.#submit();
				}}
			>
				<div class="box">
					<textarea
						ref={(el) => {
							this.#field = el;
						}}
						rows={1}
						dir="auto"
						aria-label={text.yourMessage}
						placeholder={hint}
						value={this.#words}
						onInput={(e) => {
							this.#write(e.currentTarget.value);
							writing?.();
						}}
						onKeyDown={(e) => {
							if (e.key !== 'Enter' || e.shiftKey || e.isComposing) return;
							e.preventDefault();
							this.#submit();
						}}
					/>
					<button type="submit" class="go" aria-label={text.send} disabled={!this.#words.trim()}>
						<Icon d={up} />
					</button>
				</div>
			</form>
		);
	}
}
