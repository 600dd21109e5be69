/* Drawn by us on a 20 px grid: 2 px margin, 1.5 px stroke, round caps and joins (look: icons). */
const paths = {
	clock: (
		<>
			<circle cx="10" cy="10" r="6.7" />
			<path d="M10 6.2V10l2.6 1.7" />
		</>
	),
	alert: (
		<>
			<path d="M10 3.5 2.8 16h14.4z" />
			<path d="M10 8.3v3.4M10 13.9v.01" />
		</>
	),
	transfer: <path d="M3.5 7h12M12 3.5 15.5 7 12 10.5M16.5 13h-12M8 9.5 4.5 13 8 16.5" />,
	more: <path d="M4.5 10h.01M10 10h.01M15.5 10h.01" strokeWidth="2.2" />,
	inbox: (
		<>
			<path d="M3 11.5 5.2 4.7A1.5 1.5 0 0 1 6.6 3.7h6.8a1.5 1.5 0 0 1 1.4 1L17 11.5v3.3a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 3 14.8z" />
			<path d="M3 11.5h3.8l1.2 2h4l1.2-2H17" />
		</>
	),
	book: (
		<>
			<path d="M10 5.2C8.6 4.1 6.6 3.7 3 3.8v11c3.6-.1 5.6.4 7 1.5 1.4-1.1 3.4-1.6 7-1.5v-11c-3.6-.1-5.6.3-7 1.4z" />
			<path d="M10 5.2v11" />
		</>
	),
	chart: <path d="M3 16.5h14M5.5 13.5v-3M10 13.5v-9M14.5 13.5v-6" />,
	people: (
		<>
			<circle cx="7.5" cy="7" r="2.7" />
			<path d="M2.8 16c.3-2.7 2.2-4.3 4.7-4.3s4.4 1.6 4.7 4.3" />
			<path d="M12.8 4.6a2.5 2.5 0 0 1 0 4.8M14.2 12.1c1.7.5 2.8 1.9 3 3.9" />
		</>
	),
	person: (
		<>
			<circle cx="10" cy="6.8" r="3" />
			<path d="M4.3 16.5c.4-3.2 2.7-5 5.7-5s5.3 1.8 5.7 5" />
		</>
	),
	search: (
		<>
			<circle cx="9" cy="9" r="5.3" />
			<path d="m13 13 3.7 3.7" />
		</>
	),
	clip: (
		<path d="m15.5 9.2-5.9 5.9a3.3 3.3 0 0 1-4.7-4.7l6.3-6.3a2.2 2.2 0 0 1 3.1 3.1l-6.2 6.3a1.1 1.1 0 0 1-1.6-1.6l5.6-5.6" />
	),
	send: <path d="M10 16.2V4M5 8.8l5-5 5 5" />,
	x: <path d="m5 5 10 10M15 5 5 15" />,
	check: <path d="m4 10.5 4 4 8-9" />,
	right: <path d="m7.5 4.5 5.5 5.5-5.5 5.5" />,
	left: <path d="M12.5 4.5 7 10l5.5 5.5" />,
	down: <path d="m4.5 7.5 5.5 5.5 5.5-5.5" />,
	up: <path d="m4.5 12.5 5.5-5.5 5.5 5.5" />,
	arrow: <path d="M4 10h12M11 5l5 5-5 5" />,
	back: <path d="M16 10H4M9 5l-5 5 5 5" />,
	globe: (
		<>
			<circle cx="10" cy="10" r="6.8" />
			<path d="M3.2 10h13.6M10 3.2c4 4.2 4 9.4 0 13.6-4-4.2-4-9.4 0-13.6z" />
		</>
	),
	mail: (
		<>
			<rect x="2.8" y="4.5" width="14.4" height="11" rx="1.8" />
			<path d="m3.2 6 6.8 5 6.8-5" />
		</>
	),
	chat: (
		<path d="M3 5.7A1.7 1.7 0 0 1 4.7 4h10.6A1.7 1.7 0 0 1 17 5.7v6.6a1.7 1.7 0 0 1-1.7 1.7H9.3L5.7 16.8V14h-1A1.7 1.7 0 0 1 3 12.3z" />
	),
	note: (
		<>
			<path d="M4 4.7A1.2 1.2 0 0 1 5.2 3.5h9.6A1.2 1.2 0 0 1 16 4.7v7.3l-4.5 4.5H5.2A1.2 1.2 0 0 1 4 15.3z" />
			<path d="M11.5 16.5V13a1 1 0 0 1 1-1H16M7 7.5h6M7 10.5h3" />
		</>
	),
	eye: (
		<>
			<path d="M2.5 10C4.3 6.7 6.9 5 10 5s5.7 1.7 7.5 5c-1.8 3.3-4.4 5-7.5 5s-5.7-1.7-7.5-5z" />
			<circle cx="10" cy="10" r="2.2" />
		</>
	),
	bell: <path d="M4 14.5h12M5.2 14.5a4.8 4.8 0 0 1 9.6 0M10 9.7V7.5M8.3 7.2h3.4M3.5 17h13" />,
	device: (
		<>
			<rect x="6" y="2.8" width="8" height="14.4" rx="1.6" />
			<path d="M9 14.6h2" />
		</>
	),
	plus: <path d="M10 4v12M4 10h12" />,
	minus: <path d="M4.5 10h11" />,
	done: (
		<>
			<circle cx="10" cy="10" r="6.8" />
			<path d="m7 10.3 2.2 2.2 4-4.7" />
		</>
	),
	moon: <path d="M16.3 11.9A6.8 6.8 0 0 1 8.1 3.7a6.7 6.7 0 1 0 8.2 8.2z" />,
	offline: (
		<>
			<path d="M3 3l14 14M5.3 11.5a6.8 6.8 0 0 1 2.5-1.5M2.8 8.5a10.6 10.6 0 0 1 3.4-2.1M9.5 5.4a10.6 10.6 0 0 1 7.7 3.1M12.6 10.1c.8.3 1.5.8 2.1 1.4M7.9 14.2a3.1 3.1 0 0 1 4.2 0" />
			<path d="M10 16.5v.01" strokeWidth="2" />
		</>
	),
	file: (
		<>
			<path d="M5 4.2A1.2 1.2 0 0 1 6.2 3h5.3L15 6.5v9.3a1.2 1.2 0 0 1-1.2 1.2H6.2A1.2 1.2 0 0 1 5 15.8z" />
			<path d="M11.5 3v3.5H15" />
		</>
	),
	refresh: (
		<>
			<path d="M16 8.5A6.3 6.3 0 0 0 4.8 7M4 11.5A6.3 6.3 0 0 0 15.2 13" />
			<path d="M4.5 3.7V7.2H8M15.5 16.3v-3.5H12" />
		</>
	),
	lock: (
		<>
			<rect x="4.5" y="9" width="11" height="7.5" rx="1.6" />
			<path d="M7 9V6.5a3 3 0 0 1 6 0V9" />
		</>
	),
	shield: (
		<>
			<path d="M10 3 4.5 5v4.5c0 3.5 2.2 5.9 5.5 7.5 3.3-1.6 5.5-4 5.5-7.5V5z" />
			<path d="m7.7 9.8 1.7 1.7 3-3.3" />
		</>
	),
	link: (
		<path d="M8.5 11.5a3 3 0 0 0 4.3 0l2.8-2.8a3 3 0 0 0-4.3-4.3l-1 1M11.5 8.5a3 3 0 0 0-4.3 0l-2.8 2.8a3 3 0 0 0 4.3 4.3l1-1" />
	),
	bold: <path d="M6 4h4.7a3 3 0 0 1 0 6H6zM6 10h5.5a3 3 0 0 1 0 6H6z" />,
	heading: <path d="M5.5 4v12M14.5 4v12M5.5 10h9" />,
	list: <path d="M7.5 5.5H17M7.5 10H17M7.5 14.5H17M3.5 5.5h.01M3.5 10h.01M3.5 14.5h.01" />,
	sliders: (
		<>
			<path d="M3 6h6.5M13.5 6H17M3 14h3.5M10.5 14H17" />
			<circle cx="11.5" cy="6" r="2" />
			<circle cx="8.5" cy="14" r="2" />
		</>
	),
	steps: (
		<path d="M8.5 5.5H17M8.5 10H17M8.5 14.5H17M3 4.5l1.3-.8v3.6M3 12.5h1.7c.5 0 .8.3.8.7 0 .8-2.5 1.8-2.5 2.8h2.6" />
	),
	table: (
		<>
			<rect x="3" y="4" width="14" height="12" rx="1.6" />
			<path d="M3 8.3h14M8 8.3V16" />
		</>
	),
	history: (
		<>
			<path d="M4 10a6.2 6.2 0 1 0 2-4.6" />
			<path d="M4.2 3.5v3.3h3.3M10 6.8V10l2.3 1.5" />
		</>
	),
	upload: <path d="M10 13V4M6.2 7.5 10 3.7l3.8 3.8M3.5 13v2a1.5 1.5 0 0 0 1.5 1.5h10a1.5 1.5 0 0 0 1.5-1.5v-2" />,
	receipt: (
		<>
			<path d="M5 3h10v14l-2.5-1.5L10 17l-2.5-1.5L5 17z" />
			<path d="M7.7 7h4.6M7.7 10.2h4.6" />
		</>
	),
	split: (
		<>
			<rect x="3" y="4" width="14" height="12" rx="1.6" />
			<path d="M12.2 4v12" />
		</>
	),
	at: (
		<>
			<circle cx="10" cy="10" r="2.8" />
			<path d="M12.8 7.5v3.7c0 1.2.8 2 1.9 2s2-1.2 2-3.2a6.7 6.7 0 1 0-2.8 5.5" />
		</>
	),
	slash: (
		<>
			<rect x="3.2" y="3.2" width="13.6" height="13.6" rx="2.4" />
			<path d="m11.8 6.8-3.6 6.4" />
		</>
	),
	window: (
		<>
			<path d="M17 8.5v-3A1.5 1.5 0 0 0 15.5 4h-11A1.5 1.5 0 0 0 3 5.5v9A1.5 1.5 0 0 0 4.5 16h4" />
			<circle cx="14" cy="13.5" r="3" />
		</>
	),
	insert: <path d="M16 4v5a2 2 0 0 1-2 2H4M8 7l-4 4 4 4" />,
} as const;

export type IconName = keyof typeof paths;

/** What points along the line of reading, and so the other way where that runs from the right. */
const flips = new Set<IconName>(['left', 'right', 'arrow', 'back', 'insert', 'list', 'steps']);

/** A picture that says nothing by itself: its button or the words beside it carry the name. */
export function Icon({ name, size = 16 }: { name: IconName; size?: 14 | 16 | 20 }) {
	return (
		<svg className={`icon icon-${size}${flips.has(name) ? ' icon-flips' : ''}`} viewBox="0 0 20 20" aria-hidden="true">
			{paths[name]}
		</svg>
	);
}
