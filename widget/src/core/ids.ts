// Ids made by the client: UUID v7 (RFC 9562), so that sorting them gives the order in which they were made.

let last = 0;
let count = 0;

/** A new UUID v7. Within one millisecond the 12 bits after the version count up, so order holds there too. */
export function newId(now = Date.now()): string {
	if (now > last) {
		last = now;
		count = 0;
	} else if (++count > 0xfff) {
		last++; // more than 4,096 in a millisecond, or the clock went back: borrow from the future
		count = 0;
	}
	const tail = crypto.getRandomValues(new Uint8Array(8));
	tail[0] = ((tail[0] ?? 0) & 0x3f) | 0x80;
	const hex =
		last.toString(16).padStart(12, '0') +
		(0x7000 | count).toString(16) +
		Array.from(tail, (b) => b.toString(16).padStart(2, '0')).join('');
	return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
