// The order counts: Edge and Opera call themselves Chrome too, and Chrome calls itself Safari.
const browsers: [RegExp, string][] = [
	[/\bEdg(?:A|iOS)?\//, 'Edge'],
	[/\bOPR\//, 'Opera'],
	[/\bFirefox\/|\bFxiOS\//, 'Firefox'],
	[/Chrome\/|CriOS\//, 'Chrome'],
	[/\bSafari\//, 'Safari'],
];
const systems: [RegExp, string][] = [
	[/iPhone/, 'iPhone'],
	[/iPad/, 'iPad'],
	[/Android/, 'Android'],
	[/Windows/, 'Windows'],
	[/Mac OS X|Macintosh/, 'macOS'],
	[/CrOS/, 'ChromeOS'],
	[/Linux/, 'Linux'],
];

/** "Firefox, Linux" of a User-Agent; its beginning if it is none that is known. */
export function deviceOf(agent: string): string {
	const name = (list: [RegExp, string][]) => list.find(([form]) => form.test(agent))?.[1];
	const parts = [name(browsers), name(systems)].filter((part) => part !== undefined);
	return parts.length > 0 ? parts.join(', ') : agent.slice(0, 40) || '?';
}
