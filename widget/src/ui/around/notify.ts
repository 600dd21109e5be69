// A message for a customer who looks elsewhere: words before the title of the page, and a soft sound, if they want one.

import type { Box } from '../../core/storage';
import { fill, t } from '../../text/words';
import type { App } from '../App';
import { draw } from '../draw';

/** The words and the page's own title stand for so long each. */
const turn = 2_000;
/** No page writes this space (an en space): the loader finds the words again by it. */
const space = '\u2002';
/** In which another tab says that the customer has read it there. */
const readWithin = 500;
/** A sound is the only one for so long, in all tabs together. */
const quiet = 1_500;

/** The customer wants to hear new messages. Remembered in this browser; off until switched on. */
export const wanted = (box: Box): boolean => box.get('sound') === true;

const title = document.title;
let said = '';
let page: object | undefined;
let timer: ReturnType<typeof setTimeout>;
/** The newest message that is known, and of which conversation. */
let known = { of: '', seq: 0 };

document.addEventListener('visibilitychange', draw);

/** After each drawing. */
export function notify(app: App): void {
	entitle(app);
	const { current: of, caughtUp, log, box } = app.client;
	if (!caughtUp) return;
	const { seq = 0 } = log.entries.findLast((e) => e.kind === 'message' && e.from.kind !== 'customer') ?? {};
	if (known.of === of && seq > known.seq && wanted(box))
		setTimeout(() => {
			const seen = isSeen(app) ? document.hasFocus() : !app.client.unread;
			if (!seen) alone();
		}, readWithin);
	known = { of, seq };
}

/** The window is open, on a page that is in front. */
const isSeen = ({ frame }: App): boolean => frame.visible && !document.hidden;

/** In a tab that is in front words that come and go would be in the way; there, and for who wants no motion, they stay. */
function entitle(app: App): void {
	const { client, frame } = app;
	const n = isSeen(app) ? 0 : client.unread;
	const moves = n > 0 && document.hidden && !matchMedia('(prefers-reduced-motion: reduce)').matches;
	const now = Date.now();
	let v = n ? `(${n})${space}` : '';
	if (moves) v = Math.floor(now / turn) % 2 ? '' : `${fill(t.newMessages, { n })} ·${space}`;
	clearTimeout(timer);
	if (moves) timer = setTimeout(draw, turn - (now % turn));
	// The loader gives the page its title back when it says something of the page.
	if (v === said && client.page === page) return;
	said = v;
	page = client.page;
	if (frame.standalone) document.title = v + title;
	else frame.say({ t: 'title', v });
}

/** Rings unless another tab does. Without Web Locks each does. */
function alone(): void {
	const { locks } = navigator;
	if (!locks) ring();
	locks
		?.request('frontdesk:sound', { ifAvailable: true }, async (lock) => {
			if (!lock) return;
			ring();
			await new Promise((done) => setTimeout(done, quiet));
		})
		.catch(ring); // no locks here
}

/** Two short tones. Where a browser allows none yet, and for who saves data, there is silence. */
export function ring(): void {
	if (matchMedia('(prefers-reduced-data: reduce)').matches) return;
	try {
		const sound = new AudioContext();
		const volume = sound.createGain();
		volume.connect(sound.destination);
		// It comes and goes softly: 6 % of what there is, in less than half a second.
		volume.gain.setValueAtTime(0.0001, 0);
		volume.gain.exponentialRampToValueAtTime(0.06, 0.02);
		volume.gain.exponentialRampToValueAtTime(0.0001, 0.45);
		for (const [hz, at] of [
			[659, 0],
			[880, 0.12],
		] as const) {
			const tone = sound.createOscillator();
			tone.frequency.value = hz;
			tone.connect(volume);
			tone.start(at);
			tone.stop(at + 0.3);
		}
		// One that was not allowed to begin does not begin later, either.
		setTimeout(() => sound.close(), 1_000);
	} catch {
		// no sound here
	}
}
