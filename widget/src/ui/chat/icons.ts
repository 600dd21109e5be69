// Icons of the conversation, on the same grid as those in Icon.tsx.

export const back = 'M16 10H4M9 5l-5 5 5 5';
export const out =
	'M8 5H4.7A1.2 1.2 0 0 0 3.5 6.2v9.1a1.2 1.2 0 0 0 1.2 1.2h9.1a1.2 1.2 0 0 0 1.2-1.2V12M11.5 3.5h5v5M16.2 3.8 9.5 10.5';
export const clock = 'M10 3.3a6.7 6.7 0 1 0 0 13.4 6.7 6.7 0 0 0 0-13.4M10 6.2V10l2.6 1.7';
export const checks = 'm2 10.5 3.8 4 7-9M9.6 14l.5.5 7.2-9';
export const alert = 'M10 3.5 2.8 16h14.4zM10 8.3v3.4M10 13.9v.01';
export const receipt = 'M5 3h10v14l-2.5-1.5L10 17l-2.5-1.5L5 17zM7.7 7h4.6M7.7 10.2h4.6';
export const offline =
	'M3 3l14 14M5.3 11.5a6.8 6.8 0 0 1 2.5-1.5M2.8 8.5a10.6 10.6 0 0 1 3.4-2.1M9.5 5.4a10.6 10.6 0 0 1 7.7 3.1M12.6 10.1c.8.3 1.5.8 2.1 1.4M7.9 14.2a3.1 3.1 0 0 1 4.2 0M10 16.5v.01';
export const page = 'M5.5 3h6L15 6.5V17H5.5zM11.5 3v3.5H15M8 10.5h4.5M8 13.5h4.5';
