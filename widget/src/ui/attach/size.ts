import { t } from '../../text/words';

/** A size in units of 1,000 bytes, as the limit is told. */
export function size(n: number): string {
	const [unit, maximumFractionDigits, of] = n < 1e6 ? (['kilobyte', 0, 1e3] as const) : (['megabyte', 1, 1e6] as const);
	return new Intl.NumberFormat(t.locale, { style: 'unit', unit, maximumFractionDigits }).format(n / of);
}
