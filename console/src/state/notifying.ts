import { recall, remember } from './memory';
import { createStore } from './store';

/** What this browser tells its agent while she looks elsewhere; off until she asks for it. */
export const notifying = createStore(recall('screen.notify', { browser: false, sound: false }));
notifying.subscribe(() => remember('screen.notify', notifying.get()));

/** Asks the browser for permission, when that is still to be asked; false: it will not show any. */
export async function permitted(): Promise<boolean> {
	if (!('Notification' in window)) return false;
	if (Notification.permission === 'default') return (await Notification.requestPermission()) === 'granted';
	return Notification.permission === 'granted';
}
