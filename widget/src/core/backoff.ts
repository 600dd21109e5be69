// How long to wait before the next attempt to connect: full jitter under a ceiling that doubles (the "full jitter" of
// AWS's 2015 study), so that a thousand clients that lost the same node do not come back at the same moment.

const first = 500;
const most = 30_000;
/** A connection that held this long was a good one: the next loss starts from the beginning. */
const goodAfter = 10_000;

export class Backoff {
	#attempt = 0;
	#upSince = 0;

	readonly #random: () => number;

	constructor(random: () => number) {
		this.#random = random;
	}

	/** Milliseconds to wait before the next attempt. */
	next(): number {
		const ceiling = Math.min(most, first * 2 ** this.#attempt);
		this.#attempt = Math.min(this.#attempt + 1, 6);
		return this.#random() * ceiling;
	}

	up(now: number): void {
		this.#upSince = now;
	}

	down(now: number): void {
		if (this.#upSince && now - this.#upSince >= goodAfter) this.#attempt = 0;
		this.#upSince = 0;
	}

	/** The world changed (back online, window in front): the next failure counts as the first. */
	reset(): void {
		this.#attempt = 0;
	}
}
