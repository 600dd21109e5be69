import { createContext, useCallback, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import type { Desk } from './desk';
import type { Me } from './protocol';
import { useStore } from './state/store';

export const DeskContext = createContext<Desk | null>(null);

export function useDesk(): Desk {
	const desk = useContext(DeskContext);
	if (!desk) throw new Error('useDesk stands outside of DeskContext');
	return desk;
}

/** Who is signed in. Only for pages behind the sign-in. */
export function useMe(): Me {
	const session = useStore(useDesk().session);
	if (session.phase !== 'in') throw new Error('useMe stands outside of a session');
	return session.me;
}

/** The time, again every so often: for waits and due times. */
export function useNow(everyMs = 15_000): number {
	const [now, setNow] = useState(Date.now);
	useEffect(() => {
		const timer = setInterval(() => setNow(Date.now()), everyMs);
		return () => clearInterval(timer);
	}, [everyMs]);
	return now;
}

/** Whether a media query holds. */
export function useMedia(query: string): boolean {
	const subscribe = useCallback(
		(listen: () => void) => {
			const list = matchMedia(query);
			list.addEventListener('change', listen);
			return () => list.removeEventListener('change', listen);
		},
		[query],
	);
	return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}

/**
 * True once the wait has lasted long enough to show that there is one (look: 150 ms).
 *
 * It sets nothing that is so already: React would keep even that as work for later, and whoever holds J down leaves no
 * time for later. After 50 steps with something left over it takes them for an endless loop and ends the page.
 */
export function useLate(waiting: boolean, afterMs = 150): boolean {
	const [late, setLate] = useState(false);
	useEffect(() => {
		if (!waiting) return;
		let shown = false;
		const timer = setTimeout(() => {
			shown = true;
			setLate(true);
		}, afterMs);
		return () => {
			clearTimeout(timer);
			if (shown) setLate(false);
		};
	}, [waiting, afterMs]);
	return waiting && late;
}
