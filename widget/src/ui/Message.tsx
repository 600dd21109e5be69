// One entry of the log. The customer's words and the bot's answers are drawn here; what people and the desk say, and
// what hangs on a message, comes with the pane of people.

import type { Entry } from '../protocol';
import { dayLine } from '../text/time';
import { t } from '../text/words';
import type { Child } from '../vnode';
import { Answer } from './Answer';
import { drawable } from './Blocks';
import { beside } from './beside';
import { Icon } from './Icon';
import { lazy } from './lazy';
import type { Shell } from './parts';

/** What a view of an entry is given. */
export interface Line {
	entry: Entry;
	/** The entry before it, if that is of the same day. */
	before?: Entry | undefined;
	shell: Shell;
}

export const people = lazy(() => import('../panes/people'));

const isPeoples = (e: Entry) => e.kind !== 'message' || e.from.kind === 'agent';
const needsPeople = (e: Entry) => isPeoples(e) || e.files || e.card || e.answer?.related || e.answer?.used;

const drawn = new WeakMap<Entry, [of: string, lines: Child[]]>();

/** Whether all parts of the entry are loaded: it is drawn whole, so that nothing moves when one comes. */
export function whole(e: Entry): boolean {
	try {
		return drawn.has(e) || (drawable(e.blocks) && (!needsPeople(e) || (people.here() && people()?.whole(e) !== false)));
	} catch {
		return true; // it is not what it should be, which shows when it is drawn
	}
}

/** An entry, with the day where one begins. One that is not what it should be shows its words: the others count on it. */
export function message(entry: Entry, before: Entry | undefined, shell: Shell): Child[] {
	try {
		return lines(entry, before, shell);
	} catch (err) {
		console.error(err);
		return [<p key={entry.seq}>{entry.text}</p>];
	}
}

/** What has not changed since is the same object, and costs nothing. */
function lines(entry: Entry, before: Entry | undefined, shell: Shell): Child[] {
	const { last, state, pending, face } = shell.client;
	const isLast = last === entry && !pending.length;
	const own = isPeoples(entry);
	const mine = entry.from.kind === 'customer';
	// What else people's pane draws has a state of its own, as whether the last message was read.
	const calm = own ? entry.kind === 'message' && !entry.files : !needsPeople(entry) && (!mine || state.owner === 'bot');
	const words = beside(); // with the question, so that it is there before the answer
	const of = [t.locale, face?.bot, isLast, !calm, own && !people(), words?.of(entry, shell.client)].join();
	const kept = drawn.get(entry);
	if (calm && kept?.[0] === of) return kept[1];
	const newDay = !before || new Date(before.at).toDateString() !== new Date(entry.at).toDateString();
	const line: Line = { entry, before: newDay ? undefined : before, shell };
	const hangs = !calm && !own && people()?.beside(line);
	const made = [
		newDay && (
			<p class="day" key={`d${entry.seq}`}>
				{dayLine(entry.at)}
			</p>
		),
		// Always an element of its own, whatever the entry shows: so its neighbours keep their places.
		<div class="e" key={entry.seq}>
			{own ? (
				people()?.said(line)
			) : mine ? (
				<Mine words={entry.files ? people()?.wordsOf(entry) : entry.text}>{hangs}</Mine>
			) : (
				<Answer {...line}>
					{hangs}
					{words?.Thumbs(line)}
					{isLast && words?.Choices(line)}
				</Answer>
			)}
		</div>,
	];
	drawn.set(entry, [of, made]);
	return made;
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

export function Status({ icon, children }: { icon: string; children: Child }) {
	return (
		<p class="st">
			{children} <Icon d={icon} />
		</p>
	);
}
