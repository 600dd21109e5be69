// Brings the files of messages to the server, one after the other, and tells how far it is. A message waits here until
// all of its files are there; then it goes as any other. What is said meanwhile waits behind it.

import type { Client } from '../../core/client';
import { newId } from '../../core/ids';
import type { Page, Send, File as Stored } from '../../protocol';
import { t } from '../../text/words';
import { draw } from '../draw';
import * as bytes from './bytes';

/** A file that is to be sent: its bytes are kept under key. */
export interface Wanted {
	key: string;
	name: string;
	type: string;
	size: number;
}

/** A message whose files are not all there; ids are of those that are. failed says why it does not go on. */
export interface Waiting {
	client_id: string;
	conversation: string;
	text: string;
	page: Page;
	files: Wanted[];
	ids: string[];
	failed?: string;
}

/** Longer than the server waits for a file: it is the one to say that it was too slow. */
const patience = 150_000;
const tries = 5;
const between = 3_000;

let all: Waiting[] | undefined;
/** The upload under way. */
let now: { key: string; sent: number; request?: XMLHttpRequest } | undefined;
let failures = 0;
let notBefore = 0;

/** The messages that wait, those of an earlier page too. */
export function waiting(client: Client): Waiting[] {
	all ??= client.box.get<Waiting[]>('uploads') ?? [];
	return all;
}

/** How many bytes of a file are there. */
export const sent = (key: string): number => (now?.key === key ? now.sent : 0);

/** Lets a message wait for its files. */
export function add(client: Client, text: string, files: Wanted[]): void {
	if (!client.current) {
		client.open(newId());
		client.caughtUp = true; // nothing was said in it yet
	}
	const { current: conversation, page } = client;
	keep(client, [...waiting(client), { client_id: newId(), conversation, text: text.trim(), page, files, ids: [] }]);
}

/** Lets words wait behind the files that were sent before them, so that they do not overtake those. */
export function inOrder(client: Client): void {
	const act = client.act;
	client.act = (kind, d, failed) => {
		const waits = waiting(client).some((w) => !w.failed && w.conversation === client.current);
		if (kind === 'send' && waits && !failed) add(client, (d as Partial<Send>).text ?? '', []);
		else act.call(client, kind, d, failed);
	};
}

/** Goes on with what there is to do; to be called whenever something changes. */
export function work(client: Client): void {
	const one = waiting(client).find((w) => !w.failed);
	if (
		now ||
		!one ||
		!bytes.loaded ||
		!client.files ||
		client.connection.phase !== 'up' ||
		performance.now() < notBefore
	)
		return;
	void bring(client, one);
}

/** Tries a message again that was given up. */
export const retry = (client: Client, w: Waiting): void => put(client, { ...w, failed: '' });

/** Gives a message up, with its files. */
export function discard(client: Client, w: Waiting): void {
	for (const { key } of w.files) {
		if (now?.key === key) now.request?.abort();
		bytes.drop(key);
	}
	keep(
		client,
		waiting(client).filter((other) => other.client_id !== w.client_id),
	);
}

/** Takes a file out of a message, which goes without it; one of nothing goes away. */
export function cancel(client: Client, w: Waiting, key: string): void {
	const files = w.files.filter((f) => f.key !== key);
	if (!files.length && !w.text && !w.ids.length) {
		discard(client, w);
		return;
	}
	if (now?.key === key) now.request?.abort();
	bytes.drop(key);
	put(client, { ...w, files, failed: '' });
}

/** Another state of a message. With all of its files it goes into the outbox. */
function put(client: Client, w: Waiting): void {
	const { client_id, conversation, text, page, ids: files } = w;
	const done = !w.files.length;
	const others = waiting(client).map((other) => (other.client_id === client_id ? w : other));
	keep(
		client,
		others.filter((one) => one !== w || !done),
	);
	if (!done) return;
	if (!client.current) client.open(conversation);
	client.outbox.add({ t: 'send', d: { conversation, client_id, text, page, files } });
	client.retry(client_id); // it looks what there is to send
}

function keep(client: Client, now: Waiting[]): void {
	all = now;
	client.box.set('uploads', now);
	draw();
}

async function bring(client: Client, w: Waiting): Promise<void> {
	const [file] = w.files;
	if (!file) return put(client, w);
	const mine = { key: file.key, sent: 0 };
	now = mine;
	const blob = bytes.get(file.key);
	const answer = blob ? await post(client, w.conversation, file.name, blob, mine) : t.fileGone;
	now = undefined;
	draw();
	// What was cancelled or discarded meanwhile is of no interest.
	const is = waiting(client).find((other) => other.client_id === w.client_id);
	if (is?.files[0]?.key !== file.key) return;
	if (typeof answer === 'object') {
		failures = 0;
		bytes.drop(file.key);
		put(client, { ...is, files: is.files.slice(1), ids: [...is.ids, answer.id] });
	} else if (answer || ++failures >= tries) {
		failures = 0;
		put(client, { ...is, failed: `${file.name}: ${answer || t.fileCut}` });
	} else {
		notBefore = performance.now() + between * failures;
		setTimeout(draw, between * failures);
	}
}

/** The stored file, or the server's words when it will not take it, or "" when it may take it later. */
function post(
	client: Client,
	conversation: string,
	name: string,
	blob: Blob,
	mine: { sent: number; request?: XMLHttpRequest },
): Promise<Stored | string> {
	return new Promise((done) => {
		const request = new XMLHttpRequest(); // fetch does not tell how far an upload is
		mine.request = request;
		let drawn = 0;
		request.upload.onprogress = (e) => {
			mine.sent = Math.min(e.loaded, blob.size);
			if (Date.now() - drawn < 100) return;
			drawn = Date.now();
			draw();
		};
		request.onloadend = () => {
			const { status } = request;
			const body = parsed(request.responseText);
			if (status === 201) return done(body as unknown as Stored);
			// A session that ended, a server that is busy, a line that was cut: later.
			const later = !status || status === 401 || status === 408 || status >= 500;
			if (status === 401) client.connection.drop(); // the next session brings another right
			done(later ? '' : `${body.detail ?? status}`);
		};
		const form = new FormData();
		form.append('file', blob, name);
		request.open('POST', `/v1/files?conversation=${conversation}`);
		request.setRequestHeader('Authorization', `Bearer ${client.files}`);
		request.timeout = patience;
		request.send(form);
	});
}

function parsed(text: string): Record<string, unknown> {
	try {
		return JSON.parse(text) ?? {};
	} catch {
		return {}; // a proxy's page, not ours
	}
}
