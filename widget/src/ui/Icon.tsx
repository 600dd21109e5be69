// Icons: drawn on a 20 px grid, stroke in the colour of the text beside them, hidden from screen readers.

export const x = 'm5 5 10 10M15 5 5 15';
export const right = 'm7.5 4.5 5.5 5.5-5.5 5.5';
export const send = 'M10 16.2V4M5 8.8l5-5 5 5';
export const person = 'M10 3.8a3 3 0 1 0 0 6 3 3 0 0 0 0-6M4.3 16.5c.4-3.2 2.7-5 5.7-5s5.3 1.8 5.7 5';
/** The mark of Frontdesk and the bot: a desk bell. */
export const bell = 'M3.5 14.5h13M5 14.5a5 5 0 0 1 10 0M10 9.5V7.2M8.4 6.6h3.2';
export const clock = 'M10 3.3a6.7 6.7 0 1 0 0 13.4 6.7 6.7 0 0 0 0-13.4M10 6.2V10l2.6 1.7';
export const alert = 'M10 3.5 2.8 16h14.4zM10 8.3v3.4M10 13.9v.01';

export function Icon({ d }: { d: string }) {
	return (
		<svg class="i" viewBox="0 0 20 20" aria-hidden="true">
			<path d={d} />
		</svg>
	);
}
