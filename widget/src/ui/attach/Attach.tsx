// Files that the customer sends: chosen, pasted, dropped or photographed, shown beside the draft, and brought to the
// server once the message is sent.

import type { Client } from '../../core/client';
import { newId } from '../../core/ids';
import { fill, t } from '../../text/words';
import type { Send } from '../Composer';
import { draw } from '../draw';
import { Failed } from '../failed/Failed';
import { alert, clock, Icon, x } from '../Icon';
import { Mine, Status } from '../Message';
import { adopt } from '../sheet';
import css from './attach.css?inline';
import * as bytes from './bytes';
import { paper, picture } from './Files';
import { size } from './size';
import { cancel, discard, inOrder, retry, sent, type Waiting, type Wanted, add as wait, waiting, work } from './upload';

export { Files } from './Files';

adopt(css);

const clip =
	'M13.5 6.5 7.8 12.2a1.6 1.6 0 0 0 2.3 2.3l6-6a3.2 3.2 0 0 0-4.6-4.6l-6.2 6.2a4.9 4.9 0 0 0 6.9 6.9l4.8-4.8';

/** A file beside the draft; wrong says why it cannot go. */
interface Chosen extends Wanted {
	wrong?: string;
}

let chosen: Chosen[] = [];
let watched: Client | undefined;
/** Addresses of pictures, by key. */
const pictures = new Map<string, string>();

/** What the composer shows of the files that are chosen: a list above the words, the way in beside them. */
export function view(client: Client) {
	// Where no more are taken, those that wait are seen still: the server says to them that they cannot go.
	const takes = client.face?.files;
	if (!takes && !waiting(client).length) return;
	begin(client);
	work(client);
	const good = chosen.filter((f) => !f.wrong);
	return {
		/**
		 * Sends words with the files, if there are any. alone sends words alone; without any it shows the conversation.
		 */
		send:
			good.length > 0
				? (words: string, alone?: Send): void => {
						alone?.('');
						wait(client, words, good);
						keep(client, []);
					}
				: undefined,
		view: [
			<div key="t" class="tray">
				{waiting(client).map(
					(w) => w.conversation === client.current && <Message key={w.client_id} {...{ client, w }} />,
				)}
				{chosen.length > 0 && (
					<ul class="up" aria-label={t.attached}>
						{chosen.map((f) => line(f, f.wrong, () => remove(client, f.key)))}
					</ul>
				)}
			</div>,
			takes && choose(client), // without a key: it stands where nothing stood, so that the field stays where it is
		],
	};
}

function choose(client: Client) {
	return (
		<label class="icon clip" title={t.attach}>
			<Icon d={clip} />
			<span class="vh">{t.attach}</span>
			<input
				type="file"
				class="vh"
				multiple
				// With a picture among the types a telephone offers its camera.
				accept={client.face?.files?.types.map((one) => (one.startsWith('image/') ? 'image/*' : one)).join()}
				onchange={(e) => {
					add(client, e.currentTarget.files);
					e.currentTarget.value = ''; // the same one again is a choice, too
				}}
			/>
		</label>
	);
}

/** A message that waits for its files, or for those of the one before. */
function Message({ client, w }: { client: Client; w: Waiting }) {
	return (
		<Mine words={w.text} waits>
			{w.files.length > 0 && (
				<ul class="up" aria-label={t.attached}>
					{w.files.map((f) => line(f, undefined, () => cancel(client, w, f.key), w.failed ? undefined : sent(f.key)))}
				</ul>
			)}
			{w.failed ? (
				<Failed words={w.failed} retry={() => retry(client, w)} discard={() => discard(client, w)} />
			) : (
				<Status icon={clock}>{client.connection.phase === 'up' ? t.sending : t.waiting}</Status>
			)}
		</Mine>
	);
}

function line(f: Wanted, wrong: string | undefined, drop: () => void, sent?: number) {
	const shown = pictureOf(f);
	return (
		<li key={f.key} class={wrong ? 'bad' : ''}>
			{shown && !wrong ? <img src={shown} alt="" /> : <Icon d={wrong ? alert : paper} />}
			<div>
				<b dir="auto">{f.name}</b>
				<small role={wrong ? 'alert' : null}>
					{wrong ?? (sent === undefined ? size(f.size) : fill(t.sentOf, { sent: size(sent), size: size(f.size) }))}
				</small>
				{sent !== undefined && <progress max={f.size} value={sent} aria-label={f.name} />}
			</div>
			<button type="button" class="icon" aria-label={fill(t.removeFile, { name: f.name })} onclick={drop}>
				<Icon d={x} />
			</button>
		</li>
	);
}

/** Once for the window: what an earlier page kept beside its draft, and files that are pasted or dropped anywhere. */
function begin(client: Client): void {
	if (watched) return;
	watched = client;
	chosen = client.box.get<Chosen[]>('files') ?? [];
	inOrder(client);
	bytes.load([...chosen, ...waiting(client).flatMap((w) => w.files)].map((f) => f.key)).then(() => {
		for (const f of chosen) if (!bytes.get(f.key)) f.wrong ??= t.fileGone;
		draw();
	});
	addEventListener('paste', (e) => {
		const { files, types } = e.clipboardData ?? {};
		// What is copied from a text or a table comes as words and as a picture of them.
		if (!files?.length || types?.includes('text/plain')) return;
		e.preventDefault();
		add(client, files);
	});
	addEventListener('dragover', (e) => {
		if (!e.dataTransfer?.types.includes('Files')) return;
		e.preventDefault();
		hover(true);
	});
	addEventListener('dragleave', (e) => e.relatedTarget || hover(false));
	addEventListener('drop', (e) => {
		e.preventDefault();
		hover(false);
		add(client, e.dataTransfer?.files);
	});
}

const hover = (over: boolean) => document.documentElement.classList.toggle('over', over);

function add(client: Client, files: FileList | null | undefined): void {
	if (!client.face?.files) return;
	const { max_bytes, most } = client.face.files;
	const all = [...chosen];
	for (const file of files ?? []) {
		const key = newId();
		const one: Chosen = { key, name: file.name, type: file.type, size: file.size };
		if (file.size > max_bytes) one.wrong = fill(t.fileLarge, { n: max_bytes / 1e6 });
		else if (all.filter((f) => !f.wrong).length >= most) one.wrong = fill(t.filesMany, { n: most });
		else bytes.put(key, file);
		all.push(one);
	}
	keep(client, all);
	document.querySelector('textarea')?.focus();
}

function remove(client: Client, key: string): void {
	bytes.drop(key);
	keep(
		client,
		chosen.filter((f) => f.key !== key),
	);
	document.querySelector('textarea')?.focus();
}

function keep(client: Client, all: Chosen[]): void {
	chosen = all;
	// What cannot go is gone with the page.
	client.box.set(
		'files',
		all.filter((f) => !f.wrong),
	);
	draw();
}

/** The address of a picture's bytes, when they are at hand. */
function pictureOf(f: Wanted): string | undefined {
	const blob = bytes.get(f.key);
	if (blob && !pictures.has(f.key) && picture.test(f.type)) pictures.set(f.key, URL.createObjectURL(blob));
	return pictures.get(f.key);
}
