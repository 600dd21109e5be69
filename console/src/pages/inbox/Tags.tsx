import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { problemOf } from '../../api';
import { useCommands } from '../../commands';
import { useDesk, useMe } from '../../context';
import type { ConversationView, Tag as TagType } from '../../protocol';
import { can } from '../../state/inbox';
import { t } from '../../text';
import { Icon } from '../../ui/Icon';
import { Tag } from '../../ui/parts';

/** The tags of a conversation: to add, by L too, and to take off. */
export function Tags({ conversation }: { conversation: ConversationView }) {
	const desk = useDesk();
	const { user } = useMe();
	const id = useId();
	const field = useRef<HTMLInputElement>(null);
	const [known, setKnown] = useState<TagType[]>([]);
	const [fits, setFits] = useState<string[]>([]);
	const [name, setName] = useState('');
	const [problem, setProblem] = useState('');
	const tags = conversation.tags ?? [];
	const may = can(user.role, 'agent');

	const ask = () => {
		// Without suggestions one types the whole name.
		desk.api.tags().then(
			({ data }) => setKnown(data ?? []),
			() => undefined,
		);
	};
	useCommands({ tag: may ? () => field.current?.focus() : undefined });
	// biome-ignore lint/correctness/useExhaustiveDependencies: what fits belongs to the conversation.
	useEffect(() => setFits([]), [conversation.id]);

	const put = async (next: string[]) => {
		setProblem('');
		try {
			await desk.setTags(conversation.id, next);
			setName('');
		} catch (thrown) {
			setProblem(problemOf(thrown).message);
		}
	};
	const add = (event: FormEvent) => {
		event.preventDefault();
		if (name.trim()) void put([...tags, name.trim()]);
	};
	const suggest = async () => {
		const list = known.map((tag) => tag.name).filter((tag) => !tags.includes(tag));
		if (list.length === 0) return;
		try {
			setFits((await desk.api.assist(conversation.id, 'tags', { tags: list })).tags ?? []);
		} catch {
			setFits([]); // a help, not a need
		}
	};

	return (
		<div className="tags-edit">
			{tags.length > 0 && (
				<ul className="pills">
					{tags.map((tag) => (
						<li key={tag}>
							{may ? (
								<button
									type="button"
									className="pill"
									onClick={() => void put(tags.filter((other) => other !== tag))}
									aria-label={t('tags.drop', { name: tag })}
								>
									<span className="cut">{tag}</span>
									<Icon name="x" size={14} />
								</button>
							) : (
								<Tag tone="line">{tag}</Tag>
							)}
						</li>
					))}
				</ul>
			)}
			{may && (
				<form onSubmit={add}>
					<input
						ref={field}
						className="input"
						value={name}
						list={id}
						maxLength={40}
						placeholder={t('tags.add')}
						aria-label={t('tags.add')}
						autoComplete="off"
						onFocus={ask}
						onChange={(e) => setName(e.target.value)}
						onKeyDown={(e) => e.key === 'Escape' && field.current?.blur()}
					/>
					<datalist id={id}>
						{known
							.filter((tag) => !tags.includes(tag.name))
							.map((tag) => (
								<option key={tag.id} value={tag.name} />
							))}
					</datalist>
				</form>
			)}
			{may && known.length > 0 && fits.length === 0 && (
				<button type="button" className="link" onClick={() => void suggest()}>
					{t('tags.suggest')}
				</button>
			)}
			{fits.length > 0 && (
				<ul className="pills" aria-label={t('tags.fits')}>
					{fits
						.filter((tag) => !tags.includes(tag))
						.map((tag) => (
							<li key={tag}>
								<button type="button" className="pill pill-new" onClick={() => void put([...tags, tag])}>
									<Icon name="plus" size={14} />
									<span className="cut">{tag}</span>
								</button>
							</li>
						))}
				</ul>
			)}
			{problem && (
				<small className="bad" role="alert">
					{problem}
				</small>
			)}
		</div>
	);
}
