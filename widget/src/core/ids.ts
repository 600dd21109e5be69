// Ids made by the client: UUID v7 (RFC 9562), so that sorting them gives the order in which they were made.

let last = 0;

/** The ids that are made from now on come after this one, though the clock went back between two pages. */
export function after(id: string): void {
	last = Math.max(last, Number.parseInt(id.slice(0, 13).replace('-', ''), 16) || 0);
}

/** A new UUID v7. Each has a millisecond of its own; more of them than that, or a clock that went back, borrow. */
export function newId(now = Date.now()): string {
	last = Math.max(now, last + 1);
	const random = Array.from(crypto.getRandomValues(new Uint8Array(10)), (b) => b.toString(16).padStart(2, '0'));
	return (last.toString(16).padStart(12, '0') + random.join('')).replace(
		/(.{8})(.{4}).(...).(...)/,
		'$1-$2-7$3-8$4-', // version and variant
	);
}
