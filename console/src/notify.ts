import type { Desk } from './desk';
import { minutes } from './format';
import { type Alert, alertsOf, type Known, knownOf, promisesDue } from './state/alerts';
import { recall, remember } from './state/memory';
import { notifying } from './state/notifying';
import { t, tn } from './text';

// A burst of changes is looked at once.
const lookAfter = 800;
// The newest changes hold what just happened; more than this in a second would be noise anyway.
const looked = 30;
const promiseEvery = 30_000;
// Where each tab writes what it shows while it has the focus; older than this, the tab is gone.
const focusKey = 'screen.focus';
const focusLasts = 15_000;
const focusEvery = 5_000;

/**
 * Tells the agent what happens where she does not look: a conversation in the queue, an offer, a customer's reply, a
 * mention, a promise that falls due. Of several tabs one speaks: who has the lock. What is open in a tab that has the
 * focus is never told.
 */
export class Notifier {
	private known: Known | null = null;
	private told = new Set<string>();
	private speaks = false;
	private timer: ReturnType<typeof setTimeout> | undefined;
	private clocks: ReturnType<typeof setInterval>[] = [];
	private release: () => void = () => {};
	private audio: AudioContext | null = null;

	constructor(
		private readonly desk: Desk,
		private readonly go: (to: string) => void,
	) {}

	start(): () => void {
		const lock = new AbortController();
		const held = new Promise<void>((resolve) => {
			this.release = resolve;
		});
		navigator.locks
			?.request('frontdesk.speaker', { signal: lock.signal }, () => {
				this.speaks = true;
				this.look();
				return held;
			})
			.catch(() => undefined); // It was given up before it was had.
		this.desk.talk.onMention = (mention) =>
			this.tell({
				kind: 'mention',
				conversation: mention.conversation,
				key: `mention ${mention.conversation} ${mention.seq}`,
				name: mention.from.name ?? '',
				text: mention.text,
			});
		const stops = [
			this.desk.changes.subscribe(() => this.look()),
			notifying.subscribe(() => this.look()),
			this.showFocus(),
		];
		this.clocks.push(setInterval(() => this.promises(), promiseEvery));
		return () => {
			lock.abort();
			this.release();
			this.speaks = false;
			clearTimeout(this.timer);
			for (const clock of this.clocks.splice(0)) clearInterval(clock);
			for (const stop of stops) stop();
			this.desk.talk.onMention = () => {};
			this.known = null;
		};
	}

	/** Looks at what changed last, if anybody wants to hear of it. */
	private look(): void {
		clearTimeout(this.timer);
		if (!this.wanted()) {
			this.known = null; // What happens while it is off is not news when it is switched on.
			return;
		}
		this.timer = setTimeout(() => void this.compare(), this.known ? lookAfter : 0);
	}

	private wanted(): boolean {
		const { browser, sound } = notifying.get();
		return this.speaks && (browser || sound) && this.desk.me !== null;
	}

	private async compare(): Promise<void> {
		try {
			const rows = (await this.desk.api.conversations('all', looked)).data ?? [];
			const mine = this.known ? [] : ((await this.desk.api.conversations('mine', 200)).data ?? []);
			const me = this.desk.me?.user.id ?? '';
			const online = this.desk.myPresence.get() === 'online';
			const before = this.known;
			this.known = knownOf([...mine, ...rows], before);
			if (before) for (const alert of alertsOf(rows, before, me, online)) this.tell(alert);
			this.promises();
		} catch {
			// The next change looks again.
		}
	}

	private promises(): void {
		if (!this.wanted() || !this.known) return;
		for (const alert of promisesDue(this.known, this.desk.me?.user.id ?? '', Date.now())) this.tell(alert);
	}

	/** Tells one alert, once. */
	private tell(alert: Alert): void {
		if (!this.wanted() || this.told.has(alert.key) || this.inFocus(alert.conversation)) return;
		this.told.add(alert.key);
		const { browser, sound } = notifying.get();
		if (sound) this.chime();
		if (browser && 'Notification' in window && Notification.permission === 'granted') {
			const shown = new Notification(titleOf(alert), { body: alert.text, tag: alert.conversation });
			shown.onclick = () => {
				window.focus();
				this.go(`/inbox/${alert.kind === 'queued' ? 'queue' : 'mine'}/${alert.conversation}`);
				shown.close();
			};
		}
	}

	/** Two short tones, a fifth apart, made here: no file, no loop. */
	private chime(): void {
		try {
			this.audio ??= new AudioContext();
			const { currentTime, destination } = this.audio;
			for (const [i, pitch] of [660, 990].entries()) {
				const from = currentTime + i * 0.11;
				const tone = this.audio.createOscillator();
				const volume = this.audio.createGain();
				tone.frequency.value = pitch;
				volume.gain.setValueAtTime(0, from);
				volume.gain.linearRampToValueAtTime(0.08, from + 0.02);
				volume.gain.exponentialRampToValueAtTime(0.0001, from + 0.16);
				tone.connect(volume).connect(destination);
				tone.start(from);
				tone.stop(from + 0.18);
			}
			// Heard by tests, and by nobody else.
			document.documentElement.dataset.chimes = String(Number(document.documentElement.dataset.chimes ?? 0) + 1);
		} catch {
			// A machine without sound is silent.
		}
	}

	/** Writes down what this tab shows while it has the focus, for the tab that speaks. */
	private showFocus(): () => void {
		const write = () => {
			if (document.hasFocus()) remember(focusKey, { open: this.desk.opened.get(), at: Date.now() });
		};
		const leave = () => remember(focusKey, undefined);
		const stop = this.desk.opened.subscribe(write);
		window.addEventListener('focus', write);
		window.addEventListener('blur', leave);
		this.clocks.push(setInterval(write, focusEvery));
		write();
		return () => {
			stop();
			window.removeEventListener('focus', write);
			window.removeEventListener('blur', leave);
		};
	}

	private inFocus(conversation: string): boolean {
		const focus = recall(focusKey, { open: '', at: 0 });
		return focus.open === conversation && Date.now() - focus.at < focusLasts;
	}
}

function titleOf({ kind, name, due }: Alert): string {
	return kind === 'promise'
		? tn('notify.promise', minutes((due ?? 0) - Date.now()), { name })
		: t(`notify.${kind}`, { name });
}
