// Where the customer writes. What is written survives a reload; being offline does not disable it.

import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Box } from '../core/storage';
import { text } from '../text';
import { Icon } from './Icon';

interface Props {
	box: Box;
	hint: string;
	send: (words: string) => void;
	writing?: () => void;
}

export function Composer({ box, hint, send, writing }: Props) {
	const [words, setWords] = useState(() => box.get<string>('words') ?? '');
	const field = useRef<HTMLTextAreaElement>(null);

	const write = (value: string) => {
		setWords(value);
		if (value) box.set('words', value);
		else box.remove('words');
	};
	const submit = () => {
		if (!words.trim()) return;
		write('');
		send(words);
		field.current?.focus();
	};

	// Grows with its text; the style sheet caps it at 6 lines.
	useLayoutEffect(() => {
		const el = field.current;
		if (!el) return;
		el.style.height = 'auto';
		if (words) el.style.height = `${el.scrollHeight}px`;
	}, [words]);

	return (
		<form
			class="wc"
			onSubmit={(e) => {
				e.preventDefault();
				submit();
			}}
		>
			<div class="box">
				<textarea
					ref={field}
					id="words"
					rows={1}
					dir="auto"
					aria-label={text.yourMessage}
					placeholder={hint}
					value={words}
					onInput={(e) => {
						write(e.currentTarget.value);
						writing?.();
					}}
					onKeyDown={(e) => {
						if (e.key !== 'Enter' || e.shiftKey || e.isComposing) return;
						e.preventDefault();
						submit();
					}}
				/>
				<button type="submit" class="go" aria-label={text.send} disabled={!words.trim()}>
					<Icon name="send" />
				</button>
			</div>
		</form>
	);
}
