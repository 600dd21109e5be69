import { lazy, Suspense } from 'react';
import type { AsideProps } from './aside';
import type { Aside } from './Head';

const dialogs = {
	transfer: lazy(() => import('./Transfer')),
	snooze: lazy(() => import('./Snooze')),
	note: lazy(() => import('./CloseWithNote')),
};

/** The dialogs of what is done to a conversation now and then: loaded when one is asked for. */
export function Asides({ what, ...props }: AsideProps & { what: Aside }) {
	if (what === 'wake') return null;
	const Dialog = dialogs[what];
	return (
		<Suspense fallback={null}>
			<Dialog {...props} />
		</Suspense>
	);
}
