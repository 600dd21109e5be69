// Messages with files: what waits for them, in which order, and that it is seen.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Client } from '../src/core/client';
import { stage } from './client';
import { FakeIndexedDB } from './fake-idb';
import { FakeServer } from './fake-server';

type Attach = typeof import('../src/ui/attach/Attach');
type Upload = typeof import('../src/ui/attach/upload');

/** The uploads, in order: each ends when the test says so. */
let uploads: { end(status: number, body: object): void }[];
let server: FakeServer;
let client: Client;
let root: HTMLElement;
let attach: Attach;
let upload: Upload;
let redraw: typeof import('./drawn').redraw;

class Request extends EventTarget {
	upload = {} as XMLHttpRequestUpload;
	status = 0;
	responseText = '';
	onloadend = () => {};
	open() {}
	setRequestHeader() {}
	abort() {}
	send() {
		uploads.push({
			end: (status, body) => {
				Object.assign(this, { status, responseText: JSON.stringify(body) });
				this.onloadend();
			},
		});
	}
}

beforeEach(async () => {
	vi.resetModules(); // what waits is kept in the modules
	uploads = [];
	vi.stubGlobal('XMLHttpRequest', Request);
	vi.stubGlobal('indexedDB', new FakeIndexedDB());
	server = new FakeServer();
	({ root, client } = stage(server));
	client.current = '';
	const drawn = await import('./drawn');
	redraw = drawn.redraw;
	(await import('../src/text/words')).use((await import('../src/text/en.json')).default);
	attach = await import('../src/ui/attach/Attach');
	upload = await import('../src/ui/attach/upload');
	client.onChange = () => {
		upload.work(client);
		redraw();
	};
	client.connection.start();
	await vi.waitFor(() => expect(client.connection.phase).toBe('up'));
	if (client.face) client.face.files = { types: ['image/png'], max_bytes: 1000, most: 3 };
	await vi.waitFor(() => {
		drawn.render(() => attach.view(client)?.view, root);
		expect(root.querySelector('.clip')).not.toBeNull();
	});
});

afterEach(() => {
	client.connection.stop();
	localStorage.clear();
	vi.unstubAllGlobals();
});

const picture = () => new File(['x'], 'a.png', { type: 'image/png' });
/** Chooses a file and sends it with words. */
async function sendFile(words: string): Promise<void> {
	const paste = Object.assign(new Event('paste'), { clipboardData: { files: [picture()], types: ['Files'] } });
	window.dispatchEvent(paste);
	await redraw();
	attach.view(client)?.send?.(words, () => {});
	await redraw();
	await vi.waitFor(() => {
		upload.work(client);
		expect(uploads.length).toBeGreaterThan(0);
	});
}
const sent = () => server.received.flatMap((f) => (f.t === 'send' ? [f.d.text] : []));

test('what is said after files comes after them', async () => {
	await sendFile('See the picture');
	client.send('It is the left one');
	client.send('And it is hot');
	await redraw();
	expect(root.textContent).toContain('It is the left one'); // it is seen while it waits
	expect(sent()).toEqual([]);
	uploads[0]?.end(201, { id: 'f1' });
	await vi.waitFor(() => expect(sent()).toEqual(['See the picture', 'It is the left one', 'And it is hot']));
	expect(upload.waiting(client)).toEqual([]);
	client.send('Thanks');
	await vi.waitFor(() => expect(sent().at(-1)).toBe('Thanks'));
});

test('files that are refused keep nothing back', async () => {
	await sendFile('See the picture');
	client.send('It is the left one');
	uploads[0]?.end(422, { detail: 'Not taken here.' });
	await vi.waitFor(() => expect(sent()).toEqual(['It is the left one']));
	client.send('Anybody there?');
	await vi.waitFor(() => expect(sent()).toEqual(['It is the left one', 'Anybody there?']));
	await redraw();
	expect(root.querySelector('[role=alert]')?.textContent).toContain('Not taken here.');
});

test('a message that waits with files is seen when files are switched off, and can go without them', async () => {
	await sendFile('See the picture');
	if (client.face) delete client.face.files;
	uploads[0]?.end(403, { detail: 'Files are not taken here.' });
	await vi.waitFor(() => expect(root.querySelector('[role=alert]')?.textContent).toContain('not taken here'));
	expect(root.textContent).toContain('See the picture');
	expect(root.querySelector('.clip')).toBeNull();
	root.querySelector<HTMLElement>('[aria-label="Remove a.png"]')?.click();
	await vi.waitFor(() => expect(sent()).toEqual(['See the picture']));
	await redraw();
	expect(attach.view(client)).toBeUndefined();
});

// A line that is cut with the bytes half there, with the connection too, and when only the answer was lost.
test.each(['the upload', 'the connection too', 'the ack of the message'])(
	'when %s is cut, the message goes once, whole',
	async (what) => {
		await sendFile('See the picture');
		const later = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 60_000); // the pause between attempts
		if (what !== 'the ack of the message') {
			uploads[0]?.end(0, {});
			if (what !== 'the upload') server.last.drop();
			await vi.waitFor(() => {
				later.mockReturnValue(performance.now() + 60_000);
				upload.work(client);
				expect(uploads).toHaveLength(2);
			}, 3_000);
		}
		server.cutAt = { in: what === 'the ack of the message' ? server.passed.in + 1 : 0 };
		uploads.at(-1)?.end(201, { id: 'f1' });
		await vi.waitFor(() => {
			expect(server.logs.get(client.current)?.map((e) => e.text)).toEqual(['See the picture']);
			expect(client.log.entries.map((e) => e.text)).toEqual(['See the picture']);
			expect(client.outbox.items).toEqual([]);
		}, 3_000);
		later.mockRestore();
		expect(upload.waiting(client)).toEqual([]);
		const files = server.received.flatMap((f) => (f.t === 'send' ? [f.d.files] : []));
		expect(new Set(files.map(String))).toEqual(new Set(['f1']));
		expect(server.cuts).toBe(what === 'the ack of the message' ? 1 : 0);
	},
);
