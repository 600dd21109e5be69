// The files of a message: pictures as they are, others by name. Loaded with the first. Their addresses count for an
// hour, and are asked for anew before.

import { useEffect, useState } from 'preact/hooks';
import { request } from '../../core/api';
import type { Client } from '../../core/client';
import type { File, FileLinks } from '../../protocol';
import { adopt } from '../chat/sheet';
import css from './files.css?inline';

adopt(css);

const renewEvery = 50 * 60_000;
const shown = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

export default function Files({ of, client }: { of: File[]; client: Client }) {
	const [links, setLinks] = useState<FileLinks['links']>({});
	const { files } = client;
	useEffect(() => {
		const ask = () =>
			files &&
			request<FileLinks>('/v1/files/links', {
				method: 'POST',
				headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${files}` },
				body: JSON.stringify({ files: of.map((f) => f.id) }),
			}).then(
				(l) => setLinks(l.links),
				() => {}, // they show by name
			);
		ask();
		const timer = setInterval(ask, renewEvery);
		return () => clearInterval(timer);
	}, [files, of]);
	return (
		<ul class="files">
			{of.map((f) => (
				<li key={f.id}>{one(f, links[f.id])}</li>
			))}
		</ul>
	);
}

function one(f: File, link: string | undefined) {
	const label = (
		<>
			<b dir="auto">{f.name}</b>
			<small>{size(f.size)}</small>
		</>
	);
	if (!link) return <span>{label}</span>;
	if (f.width && shown.includes(f.type))
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

/** Units of 1,000 bytes, as the limit is told. */
const size = (n: number) => (n < 1e6 ? `${Math.ceil(n / 1e3)} kB` : `${(n / 1e6).toFixed(1)} MB`);
