// A conversation's log as far as this client has it: numbered from 1, without gaps, each entry once.

import type { Entry } from '../protocol';

export class Log {
	entries: Entry[] = [];

	/** The number of the last entry that was applied. */
	get seq(): number {
		return this.entries.length;
	}

	/** Applies an entry if it is the next one. A 'gap' means that entries before it are missing: sync from seq. */
	apply(entry: Entry): 'new' | 'old' | 'gap' {
		if (entry.seq > this.seq + 1) return 'gap';
		if (entry.seq !== this.seq + 1) return 'old';
		this.entries = [...this.entries, entry];
		return 'new';
	}
}
