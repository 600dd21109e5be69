// One entry of the log. The customer's words and the bot's answers are drawn here; what people and the desk say, and
// what hangs on a message, comes with the pane of people.

import type { Client } from '../core/client';
import { derive } from '../core/state';
import type { Child } from '../jsx-runtime';
import type { Entry } from '../protocol';
import { dayLine } from '../text/time';
import { t } from '../text/words';
import { Answer } from './Answer';
import { drawable } from './Blocks';
import { Icon } from './Icon';
import { lazy } from './lazy';
import type { Shell } from './parts';

/** What a view of an entry is given. */
export interface Line {
	entry: Entry;
	/** The entry before it, if that is of the same day. */
	before: Entry | undefined;
	shell: Shell;
}

export const people = lazy(() => import('./people/pane-people'));

const isPeoples = (e: Entry) => e.kind !== 'message' || e.from.kind === 'agent';
const needsPeople = (e: Entry) => isPeoples(e) || e.files || e.card || e.answer?.related || e.answer?.used;

const drawn = new WeakMap<Entry, [of: string, lines: Child[]]>();

/** Whether all parts of the entry are loaded: it is drawn whole, so that nothing moves when one comes. */
export const whole = (e: Entry): boolean =>
	drawn.has(e) || (drawable(e.blocks) && (!needsPeople(e) || (people.here() && people()?.whole(e) !== false)));

/** An entry, with the day where one begins. What has not changed since is the same object, and costs nothing. */
export function message(entry: Entry, before: Entry | undefined, shell: Shell): Child[] {
	const { client } = shell;
	const last = client.log.entries.at(-1) === entry && !client.pending.length;
	const far = reached(entry, client);
	const of = [t.locale, client.face?.bot, far, last].join();
	const kept = drawn.get(entry);
	// What people's pane draws has a state of its own.
	const calm = !needsPeople(entry) || (entry.kind === 'message' && !entry.files && !entry.card);
	if (kept?.[0] === of && calm) return kept[1];
	const newDay = !before || new Date(before.at).toDateString() !== new Date(entry.at).toDateString();
	const line: Line = { entry, before: newDay ? undefined : before, shell };
	const lines = [
		newDay && (
			<p class="day" key={`d${entry.seq}`}>
				{dayLine(entry.at)}
			</p>
		),
		// Always an element of its own, whatever the entry shows: so its neighbours keep their places.
		<div class="e" key={entry.seq}>
			{isPeoples(entry) ? (
				people()?.said(line)
			) : entry.from.kind === 'customer' ? (
				<Mine words={wordsOf(entry)}>
					{needsPeople(entry) && people()?.beside(line)}
					{far && <Status icon="m2 10.5 3.8 4 7-9M9.6 14l.5.5 7.2-9">{far}</Status>}
				</Mine>
			) : (
				<Answer {...line} last={last}>
					{needsPeople(entry) && people()?.beside(line)}
				</Answer>
			)}
		</div>,
	];
	drawn.set(entry, [of, lines]);
	return lines;
}

/** How far the customer's last message got, while a person is to read it. */
function reached(e: Entry, client: Client): string {
	const { mine, lastFrom, owner } = derive(client.log.entries);
	if (e.seq !== mine || lastFrom !== 'customer' || client.pending.length || owner === 'bot') return '';
	return client.seen >= e.seq ? t.seen : t.delivered;
}

/** The customer's own words. Kids say how far they got. */
export function Mine({ words, waits, children }: { words: string | undefined; waits?: boolean; children?: Child }) {
	return (
		<div class={waits ? 'me wait' : 'me'}>
			<span class="vh">{t.you}</span>
			{words && (
				<p class="b" dir="auto">
					{words}
				</p>
			)}
			{children}
		</div>
	);
}

/** A message of files alone is called by their names, which show with them. */
export const wordsOf = (e: Entry) => (e.files && e.text === e.files.map((f) => f.name).join(', ') ? '' : e.text);

export function Status({ icon, children }: { icon: string; children: Child }) {
	return (
		<p class="st">
			{children} <Icon d={icon} />
		</p>
	);
}
