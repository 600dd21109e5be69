import { useEffect, useRef } from 'react';

/** Binds the browser's key for saving, for as long as the component is there. */
export function useSaveKey(save: () => void): void {
	const latest = useRef(save);
	latest.current = save;
	useEffect(() => {
		const listen = (event: KeyboardEvent) => {
			if ((event.metaKey || event.ctrlKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 's') {
				event.preventDefault();
				latest.current();
			}
		};
		document.addEventListener('keydown', listen);
		return () => document.removeEventListener('keydown', listen);
	}, []);
}
