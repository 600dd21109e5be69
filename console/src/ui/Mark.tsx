/** Frontdesk's mark, a desk bell: also the bot's face. */
export function Mark() {
	return (
		<svg viewBox="0 0 32 32" fill="none" aria-hidden="true">
			<path d="M5 22.5h22" stroke="currentColor" strokeWidth="2.4" strokeLinecap="round" />
			<path d="M7.5 22.5a8.5 8.5 0 0 1 17 0z" fill="currentColor" />
			<path d="M16 13.5v-3M12.8 10h6.4" stroke="currentColor" strokeWidth="2.4" strokeLinecap="round" />
			<path d="M9 26.5h14" stroke="currentColor" strokeWidth="2.4" strokeLinecap="round" opacity=".45" />
		</svg>
	);
}
