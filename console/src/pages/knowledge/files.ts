import type { DropItem } from 'react-aria-components/ListBox';

/** What POST /api/v1/import/files reads. */
export const kinds = ['.md', '.markdown', '.html', '.htm', '.jsonl', '.csv'];

export function isImportable(name: string): boolean {
	return kinds.some((kind) => name.toLowerCase().endsWith(kind));
}

/** All files of a drop, folders opened. */
export async function filesOf(items: Iterable<DropItem>): Promise<File[]> {
	const files: File[] = [];
	for (const item of items) {
		if (item.kind === 'file') files.push(await item.getFile());
		if (item.kind === 'directory') {
			const inner: DropItem[] = [];
			for await (const entry of item.getEntries()) inner.push(entry);
			files.push(...(await filesOf(inner)));
		}
	}
	return files;
}

/** What two files of the same name, size and time have in common: they are the same one, chosen twice. */
export function sameness(file: File): string {
	return `${file.name} ${file.size} ${file.lastModified}`;
}
