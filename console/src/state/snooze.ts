export interface SnoozeTime {
	name: 'hours' | 'tomorrow' | 'monday' | 'week';
	at: Date;
}

// The last time today that is still in the working day.
const lastHour = 18;
const morning = 9;

/** The times to which conversations are usually put off, soonest first, in the agent's own time zone. */
export function snoozeTimes(now: Date): SnoozeTime[] {
	const later = new Date(now);
	later.setHours(now.getHours() + 3, 0, 0, 0);
	const day = (days: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, morning);
	const toMonday = (8 - now.getDay()) % 7 || 7;
	const times: SnoozeTime[] = [];
	if (later.getDate() === now.getDate() && later.getHours() <= lastHour) times.push({ name: 'hours', at: later });
	times.push({ name: 'tomorrow', at: day(1) });
	if (toMonday > 1) times.push({ name: 'monday', at: day(toMonday) });
	if (toMonday !== 7) times.push({ name: 'week', at: day(7) });
	return times;
}
