import { useEffect } from 'react';

/** Names the browser's tab: what waits, what is shown, whose it is. */
export function useTitle(title: string, waiting = 0): void {
	useEffect(() => {
		document.title = `${waiting > 0 ? `(${waiting}) ` : ''}${title} – Frontdesk`;
	}, [title, waiting]);
}
