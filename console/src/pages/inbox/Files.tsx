import { useRef } from 'react';
import type { File as Stored } from '../../protocol';
import { t } from '../../text';
import { Button, IconButton } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { bytes } from '../../upload';
import type { Attachment, Attachments } from './attachments';

// What a browser shows by itself, as the server does: gateway's inline.
const shown = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

/** A message of files alone is called by their names, which show with them. */
export function wordsOf(text: string, files: Stored[] | undefined): string {
	return files?.length && text === files.map((f) => f.name).join(', ') ? '' : text;
}

/** The files of a message or note. */
export function Files({ files }: { files: Stored[] | undefined }) {
	if (!files?.length) return null;
	return (
		<ul className="log-files" aria-label={t('files.list')}>
			{files.map((file) => (
				<li key={file.id}>
					{file.width && shown.includes(file.type) ? (
						<a className="file-picture" href={`/api/v1/files/${file.id}`} target="_blank" rel="noopener">
							<img
								src={`/api/v1/files/${file.id}`}
								alt={file.name}
								width={file.width}
								height={file.height}
								loading="lazy"
							/>
						</a>
					) : (
						<a className="file" href={`/api/v1/files/${file.id}?download=1`} download={file.name}>
							<Icon name="clip" />
							<span className="cut">{file.name}</span>
							<span className="num">{bytes(file.size)}</span>
						</a>
					)}
				</li>
			))}
		</ul>
	);
}

/** The button that takes files from this machine. */
export function AttachButton({ attachments }: { attachments: Attachments }) {
	const input = useRef<HTMLInputElement>(null);
	return (
		<>
			<input
				ref={input}
				type="file"
				multiple
				hidden
				aria-label={t('files.choose')}
				onChange={(event) => {
					attachments.add(event.target.files ?? []);
					event.target.value = ''; // so that the same one can be taken again
				}}
			/>
			<IconButton icon="clip" label={t('files.attach')} onPress={() => input.current?.click()} />
		</>
	);
}

/** The files beside a draft. */
export function Attached({ attachments }: { attachments: Attachments }) {
	if (attachments.all.length === 0) return null;
	return (
		<ul className="attached" aria-label={t('files.attached')}>
			{attachments.all.map((a) => (
				<Line key={a.key} of={a} attachments={attachments} />
			))}
		</ul>
	);
}

function Line({ of: a, attachments }: { of: Attachment; attachments: Attachments }) {
	const picture = a.stored?.width && shown.includes(a.stored.type);
	return (
		<li className={a.failed ? 'attached-failed' : undefined}>
			{picture ? <img src={`/api/v1/files/${a.stored?.id}`} alt="" /> : <Icon name={a.failed ? 'alert' : 'clip'} />}
			<span className="attached-words">
				<span className="cut">{a.name}</span>
				{a.failed ? (
					<span role="alert">{a.failed}</span>
				) : a.stored ? (
					<span className="num">{bytes(a.size)}</span>
				) : (
					<>
						<span className="num">{t('files.sent', { sent: bytes(a.sent), size: bytes(a.size) })}</span>
						<progress value={a.sent} max={a.size} aria-label={t('files.uploading', { name: a.name })} />
					</>
				)}
			</span>
			{a.again && (
				<Button kind="quiet" onPress={() => attachments.retry(a.key)}>
					{t('log.again')}
				</Button>
			)}
			<IconButton
				icon="x"
				label={t(a.stored || a.failed ? 'files.remove' : 'files.cancel', { name: a.name })}
				onPress={() => attachments.remove(a.key)}
			/>
		</li>
	);
}
