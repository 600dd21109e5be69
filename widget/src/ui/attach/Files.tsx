// The files of a message: pictures as they are, others by name. Their addresses count for an
// hour, and are asked for anew before.

import { request } from '../../core/api';
import type { Client } from '../../core/client';
import type { File, FileLinks } from '../../protocol';
import { draw, stateOf } from '../draw';
import { Icon } from '../Icon';
import { size } from './size';

const renewEvery = 50 * 60_000;
export const paper = 'M5.5 3h6L15 6.5V17H5.5zM11.5 3v3.5H15';
/** Pictures that every browser draws. */
export const picture = /^image\/(png|jpeg|gif|webp)$/;

/** The addresses of one message's files, and when they were asked for, with which right. */
const linksOf = stateOf(() => ({ links: {} as FileLinks['links'], at: 0, by: '' }));

export function Files({ of, client }: { of: File[]; client: Client }) {
	const kept = linksOf(of);
	const by = client.files ?? '';
	if (by && (by !== kept.by || Date.now() - kept.at >= renewEvery)) {
		kept.by = by;
		kept.at = Date.now();
		setTimeout(draw, renewEvery);
		request<FileLinks>('/v1/files/links', {
			method: 'POST',
			headers: { Authorization: `Bearer ${by}` },
			body: JSON.stringify({ files: of.map((f) => f.id) }),
		}).then(
			(l) => {
				kept.links = l.links;
				draw();
			},
			() => {}, // they show by name
		);
	}
	return (
		<ul class="files">
			{of.map((f) => (
				<li>{one(f, kept.links[f.id])}</li>
			))}
		</ul>
	);
}

function one(f: File, link: string | undefined) {
	const label = (
		<>
			<Icon d={paper} />
			<span>
				<b dir="auto">{f.name}</b>
				<small>{size(f.size)}</small>
			</span>
		</>
	);
	if (!link) return <span>{label}</span>;
	if (f.width && picture.test(f.type))
		return (
			<a class="pic" href={link} target="_blank" rel="noopener">
				<img src={link} alt={f.name} width={f.width} height={f.height} />
			</a>
		);
	return (
		<a href={`${link}&download=1`} target="_blank" rel="noopener">
			{label}
		</a>
	);
}
