import { Problem, problemOf } from './api';
import type { File as Stored } from './protocol';
import { t } from './text';

/** gateway's maxFile: units of 1,000 bytes, as it is told. */
export const maxFile = 20_000_000;
/** chat.MaxFiles. */
export const maxFiles = 10;

/** An upload under way. */
export interface Upload {
	stored: Promise<Stored>;
	cancel: () => void;
}

/** Uploads a file for a conversation and tells how many bytes are there. Rejects with a Problem; a cancelled one never settles. */
export function upload(conversation: string, file: File, onProgress: (sent: number) => void): Upload {
	const request = new XMLHttpRequest(); // fetch does not tell how far an upload is
	let cancelled = false;
	const stored = new Promise<Stored>((resolve, reject) => {
		request.upload.onprogress = (event) => onProgress(Math.min(event.loaded, file.size));
		request.onload = () => {
			const body = answer(request.responseText);
			if (request.status === 201) resolve(body as unknown as Stored);
			else
				reject(
					new Problem(
						String(body.detail ?? t('problem.status', { status: request.status })),
						request.status,
						String(body.code ?? ''),
					),
				);
		};
		request.onerror = request.ontimeout = () => {
			if (!cancelled) reject(new Problem(t('problem.unreachable'), 0, 'unavailable'));
		};
	});
	const form = new FormData();
	form.append('file', file, file.name);
	request.open('POST', `/api/v1/conversations/${conversation}/files`);
	request.timeout = 150_000; // longer than the server waits: it is the one to say that it was too slow
	request.send(form);
	return {
		stored: stored.catch((thrown) => {
			throw problemOf(thrown);
		}),
		cancel: () => {
			cancelled = true;
			request.abort();
		},
	};
}

function answer(text: string): Record<string, unknown> {
	try {
		return (JSON.parse(text) as Record<string, unknown>) ?? {};
	} catch {
		return {}; // a proxy's page, not ours
	}
}

/** A size in units of 1,000 bytes: "812 kB", "3.4 MB". */
export function bytes(n: number): string {
	return n < 1e6 ? `${Math.ceil(n / 1e3)} kB` : `${(n / 1e6).toFixed(1)} MB`;
}
