import { useEffect, useRef, useState } from 'react';
import { problemOf } from '../../api';
import type { File as Stored } from '../../protocol';
import { recall, remember } from '../../state/memory';
import { t } from '../../text';
import { maxFile, maxFiles, type Upload, upload } from '../../upload';

/** A file beside a draft: on its way, there, or failed with the reason. */
export interface Attachment {
	key: string;
	name: string;
	size: number;
	sent: number;
	stored?: Stored;
	failed?: string;
	/** Whether trying again may help. */
	again?: boolean;
}

export interface Attachments {
	all: Attachment[];
	/** Those that are there. */
	ready: Stored[];
	/** One is on its way, or failed and was not taken away: a message would lack it. */
	unfinished: boolean;
	add: (files: Iterable<File>) => void;
	retry: (key: string) => void;
	remove: (key: string) => void;
	clear: () => void;
}

const keyOf = (conversation: string) => `files.${conversation}`;

/** The files beside the draft of a conversation. Those that are there are kept on a reload. */
export function useAttachments(conversation: string): Attachments {
	const [all, setAll] = useState<Attachment[]>(() =>
		recall<Stored[]>(keyOf(conversation), []).map((stored) => ({
			key: stored.id,
			name: stored.name,
			size: stored.size,
			sent: stored.size,
			stored,
		})),
	);
	const under = useRef(new Map<string, { file: File; upload: Upload | undefined }>());
	const next = useRef(0);
	const ready = all.flatMap((a) => (a.stored ? [a.stored] : []));
	const kept = JSON.stringify(ready);

	useEffect(() => remember(keyOf(conversation), kept === '[]' ? undefined : JSON.parse(kept)), [conversation, kept]);
	useEffect(() => {
		const uploads = under.current;
		return () => {
			for (const { upload } of uploads.values()) upload?.cancel();
		};
	}, []);

	const change = (key: string, to: Partial<Attachment>) =>
		setAll((before) => before.map((a) => (a.key === key ? { ...a, ...to } : a)));
	const begin = (key: string, file: File) => {
		const going = upload(conversation, file, (sent) => change(key, { sent }));
		under.current.set(key, { file, upload: going });
		going.stored.then(
			(stored) => change(key, { stored, name: stored.name, sent: file.size }),
			(thrown) => {
				const problem = problemOf(thrown);
				change(key, { failed: problem.message, again: problem.passing || problem.status === 0 });
			},
		);
	};

	return {
		all,
		ready,
		unfinished: all.some((a) => !a.stored),
		add: (files) => {
			const fresh = [...files].map((file, i): Attachment => {
				const key = `new ${next.current++}`;
				const it = { key, name: file.name, size: file.size, sent: 0 };
				if (file.size > maxFile) return { ...it, failed: t('files.tooLarge', { mb: maxFile / 1e6 }) };
				if (all.length + i >= maxFiles) return { ...it, failed: t('files.tooMany', { n: maxFiles }) };
				queueMicrotask(() => begin(key, file));
				return it;
			});
			setAll((before) => [...before, ...fresh]);
		},
		retry: (key) => {
			const file = under.current.get(key)?.file;
			if (!file) return;
			change(key, { failed: undefined, again: undefined, sent: 0 });
			begin(key, file);
		},
		remove: (key) => {
			under.current.get(key)?.upload?.cancel();
			under.current.delete(key);
			setAll((before) => before.filter((a) => a.key !== key));
		},
		clear: () => {
			under.current.clear();
			setAll([]);
		},
	};
}
