import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import { type FilterName, type Filters, filtersOf, withParam } from '../../state/filters';

/** The filters of the address, and what changes them there. */
export function useFilters(): {
	filters: Filters;
	/** What to look for; '' when nothing is. */
	q: string;
	/** The whole search, to be put behind an address of the inbox; '' or "?…". */
	search: string;
	set: (name: FilterName, value: string) => void;
	clear: () => void;
} {
	const [location, navigate] = useLocation();
	const raw = useSearch();
	const search = withParam(raw, 'at', '');
	const filters = useMemo(() => filtersOf(search), [search]);
	const set = useCallback(
		(name: FilterName, value: string) => navigate(location + withParam(search, name, value)),
		[navigate, location, search],
	);
	const clear = useCallback(() => navigate(location), [navigate, location]);
	return { filters, q: new URLSearchParams(search).get('q') ?? '', search, set, clear };
}
