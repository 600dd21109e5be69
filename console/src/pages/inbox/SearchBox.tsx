import { useEffect, useRef, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { useCommands } from '../../commands';
import { withParam } from '../../state/filters';
import { t } from '../../text';
import { Icon } from '../../ui/Icon';
import { Kbd } from '../../ui/parts';

// After the last letter: typing is not interrupted by results that the next letter makes old.
const searchAfter = 200;

/** What to look for in all conversations. It stands in the address, so that the back button leads to it. */
export function SearchBox() {
	const [location, navigate] = useLocation();
	const search = useSearch();
	const q = new URLSearchParams(search).get('q') ?? '';
	const [words, setWords] = useState(q);
	const field = useRef<HTMLInputElement>(null);
	const asked = useRef(q);

	// The back button and a link change the words; what is typed does not come back to the field.
	useEffect(() => {
		if (q !== asked.current) setWords(q);
		asked.current = q;
	}, [q]);
	useEffect(() => {
		if (words.trim() === q) return;
		const timer = setTimeout(() => {
			asked.current = words.trim();
			// The first word is a step back; the letters after it are not.
			navigate(location + withParam(search, 'q', words.trim()), { replace: q !== '' });
		}, searchAfter);
		return () => clearTimeout(timer);
	}, [words, q, location, search, navigate]);
	useCommands({ search: () => field.current?.focus() });

	return (
		<search className="lst-search">
			<Icon name="search" />
			<input
				ref={field}
				className="input"
				type="search"
				value={words}
				placeholder={t('find.placeholder')}
				aria-label={t('find.label')}
				onChange={(e) => setWords(e.target.value)}
				onKeyDown={(e) => {
					if (e.key === 'Escape') {
						e.preventDefault();
						if (words) setWords('');
						else field.current?.blur();
					}
					if (e.key === 'ArrowDown' || e.key === 'Enter') {
						e.preventDefault();
						document.querySelector<HTMLElement>('.lst-rows a')?.focus();
					}
				}}
			/>
			<Kbd>F</Kbd>
		</search>
	);
}
