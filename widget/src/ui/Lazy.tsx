// A part that is loaded when it is first needed. When loading fails (offline, a new build), the next render tries again.

import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';

interface Props<P> {
	load: () => Promise<{ default: ComponentType<P> }>;
	props: P;
}

const tryAgainAfter = 3_000;

export function Lazy<P extends object>({ load, props }: Props<P>) {
	const [part, setPart] = useState<{ default: ComponentType<P> }>();
	const [tries, setTries] = useState(0);
	useEffect(() => {
		let timer: ReturnType<typeof setTimeout> | undefined;
		load().then(setPart, () => {
			timer = setTimeout(() => setTries(tries + 1), tryAgainAfter);
		});
		return () => clearTimeout(timer);
	}, [load, tries]);
	return part ? <part.default {...props} /> : <p class="skeleton" />;
}
