import { type Problem, problemOf } from '../api';
import type { ReplyRequest } from '../protocol';
import type { Pending } from './thread';

export interface OutboxOptions {
	/** Sends one; the same client id may be sent any number of times. */
	send: (conversation: string, request: ReplyRequest) => Promise<void>;
	/** Called with what a conversation has on its way, after each change. */
	onChange: (conversation: string, pending: Pending[]) => void;
	onRefused: (conversation: string, problem: Problem) => void;
	/** Where it survives a reload. */
	storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
	key: string;
	random?: () => number;
}

const firstDelay = 1_000;
const longestDelay = 30_000;

/**
 * Replies and notes on their way, in order within a conversation. What the server may yet take is sent again until it
 * has it, under the same client id, also after a reload; what it refused stays, with the reason, until it is dropped.
 */
export class Outbox {
	private readonly queues: Record<string, Pending[]>;
	private readonly busy = new Set<string>();
	private readonly wakers = new Map<string, () => void>();
	private readonly waiting = new Set<() => void>();
	private stopped = false;

	constructor(private readonly options: OutboxOptions) {
		this.queues = read(options);
	}

	/** Takes up what an earlier page left. */
	start(): void {
		for (const [conversation, pending] of Object.entries(this.queues)) {
			this.options.onChange(conversation, pending);
			void this.run(conversation);
		}
	}

	stop(): void {
		this.stopped = true;
		this.retryNow();
	}

	add(conversation: string, pending: Pending): void {
		this.put(conversation, [...this.of(conversation), pending]);
		void this.run(conversation);
	}

	of(conversation: string): Pending[] {
		return this.queues[conversation] ?? [];
	}

	/** Resolves when nothing of a conversation is on its way any more: the server has it, or refused it. */
	async settled(conversation: string): Promise<void> {
		while (this.busy.has(conversation) && !this.stopped) {
			await new Promise<void>((resolve) => this.waiting.add(resolve));
		}
	}

	/** Sends a refused one again. */
	retry(conversation: string, clientId: string): void {
		this.put(
			conversation,
			this.of(conversation).map((p) => (p.clientId === clientId ? { ...p, refused: undefined } : p)),
		);
		void this.run(conversation);
	}

	/** Forgets one: its entry has come, or the agent gave it up. */
	drop(conversation: string, clientId: string): void {
		const rest = this.of(conversation).filter((p) => p.clientId !== clientId);
		if (rest.length !== this.of(conversation).length) this.put(conversation, rest);
	}

	/** The connection is back: whoever waits for the next try need not. */
	retryNow(): void {
		for (const wake of [...this.wakers.values()]) wake();
	}

	private async run(conversation: string): Promise<void> {
		if (this.busy.has(conversation)) return;
		this.busy.add(conversation);
		let failures = 0;
		for (;;) {
			const next = this.of(conversation).find((p) => p.refused === undefined && !p.stored);
			if (!next || this.stopped) break;
			try {
				await this.options.send(conversation, request(next));
				failures = 0;
				this.mark(conversation, next.clientId, { stored: true });
			} catch (thrown) {
				const problem = problemOf(thrown);
				if (problem.passing) {
					await this.wait(conversation, failures++, problem.retryAfter);
					continue;
				}
				this.mark(conversation, next.clientId, { refused: problem.message });
				this.options.onRefused(conversation, problem);
			}
		}
		this.busy.delete(conversation);
		for (const resolve of this.waiting) resolve();
		this.waiting.clear();
	}

	private wait(conversation: string, failures: number, atLeast: number): Promise<void> {
		const random = this.options.random ?? Math.random;
		const delay = Math.max(atLeast, random() * Math.min(longestDelay, firstDelay * 2 ** failures));
		return new Promise((resolve) => {
			const wake = () => {
				clearTimeout(timer);
				this.wakers.delete(conversation);
				resolve();
			};
			const timer = setTimeout(wake, delay);
			this.wakers.set(conversation, wake);
		});
	}

	private mark(conversation: string, clientId: string, change: Partial<Pending>): void {
		this.put(
			conversation,
			this.of(conversation).map((p) => (p.clientId === clientId ? { ...p, ...change } : p)),
		);
	}

	private put(conversation: string, pending: Pending[]): void {
		if (pending.length > 0) this.queues[conversation] = pending;
		else delete this.queues[conversation];
		write(this.options, this.queues);
		this.options.onChange(conversation, pending);
	}
}

function request({ clientId, text, note, citations, mentions, files }: Pending): ReplyRequest {
	return {
		client_id: clientId,
		text,
		...(note ? { note } : {}),
		...(citations?.length ? { citations } : {}),
		...(mentions?.length ? { mentions } : {}),
		...(files?.length ? { files: files.map((f) => f.id) } : {}),
	};
}

function read({ storage, key }: OutboxOptions): Record<string, Pending[]> {
	try {
		const queues = JSON.parse(storage.getItem(key) ?? '{}') as Record<string, Pending[]>;
		// What the server has comes with the log.
		const open = Object.entries(queues).map(([id, pending]) => [id, pending.filter((p) => !p.stored)] as const);
		return Object.fromEntries(open.filter(([, pending]) => pending.length > 0));
	} catch {
		return {};
	}
}

function write({ storage, key }: OutboxOptions, queues: Record<string, Pending[]>): void {
	try {
		if (Object.keys(queues).length === 0) storage.removeItem(key);
		else storage.setItem(key, JSON.stringify(queues));
	} catch {
		// Storage is full or forbidden: it is sent all the same, only a reload would lose it.
	}
}
