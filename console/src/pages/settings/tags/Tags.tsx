import { type ReactNode, useEffect, useState } from 'react';
import { Link } from 'wouter';
import { problemOf } from '../../../api';
import { useDesk } from '../../../context';
import type { Tag, TagList } from '../../../protocol';
import { t, tn } from '../../../text';
import { Button } from '../../../ui/Button';
import { Confirm, Dialog } from '../../../ui/Dialog';
import { Field } from '../../../ui/Field';
import { Bone, Empty, Failure, Notice } from '../../../ui/parts';
import { Select } from '../../../ui/Select';
import { useSubmit } from '../../../ui/submit';
import type { AreaProps } from '../area';
import { Head } from '../Head';

type Act = 'rename' | 'merge' | 'remove';

/** The tags of the workspace: what agents have made is put in order here. */
export default function Tags(_: AreaProps) {
	const { api } = useDesk();
	const [tags, setTags] = useState<Tag[]>();
	const [problem, setProblem] = useState('');
	const [act, setAct] = useState<{ verb: Act; tag: Tag }>();
	const load = () => {
		setProblem('');
		api.tags().then(
			(list) => setTags(list.data ?? []),
			(thrown) => setProblem(problemOf(thrown).message),
		);
	};
	// biome-ignore lint/correctness/useExhaustiveDependencies: the newest, each time the page is opened.
	useEffect(load, []);
	/** Carries out a change, and shows the tags after it. */
	const change = async (ask: Promise<TagList>) => {
		setTags((await ask).data ?? []);
		setAct(undefined);
	};
	const ends = { onDone: change, onClose: () => setAct(undefined) };
	return (
		<main className="page" data-pane aria-busy={!tags && !problem}>
			<Head title={t('tags.title')} />
			<div className="page-body tag-list">
				{problem ? (
					<Failure title={t('tags.failed')} retry={<Button onPress={load}>{t('retry')}</Button>}>
						{problem}
					</Failure>
				) : !tags ? (
					<Bone width="40%" />
				) : tags.length === 0 ? (
					<Empty icon="list" title={t('tags.none')}>
						{t('tags.noneWords')}
					</Empty>
				) : (
					<>
						<p className="quiet">{t('tags.words')}</p>
						<ul>
							{tags.map((tag) => (
								<li key={tag.id}>
									<span className="tag-name">
										<b className="cut">{tag.name}</b>
										<Link to={`/inbox/all?tag=${tag.id}`}>{tn('tags.count', tag.conversations)}</Link>
									</span>
									<Button
										kind="quiet"
										aria-label={t('tags.renameLabel', { name: tag.name })}
										onPress={() => setAct({ verb: 'rename', tag })}
									>
										{t('tags.rename')}
									</Button>
									<Button
										kind="quiet"
										aria-label={t('tags.mergeLabel', { name: tag.name })}
										isDisabled={tags.length < 2}
										onPress={() => setAct({ verb: 'merge', tag })}
									>
										{t('tags.merge')}
									</Button>
									<Button
										kind="quiet"
										aria-label={t('tags.removeLabel', { name: tag.name })}
										onPress={() => setAct({ verb: 'remove', tag })}
									>
										{t('tags.remove')}
									</Button>
								</li>
							))}
						</ul>
					</>
				)}
			</div>
			{act?.verb === 'rename' && <Rename tag={act.tag} {...ends} />}
			{act?.verb === 'merge' && tags && <Merge tag={act.tag} tags={tags} {...ends} />}
			{act?.verb === 'remove' && <Remove tag={act.tag} {...ends} />}
		</main>
	);
}

interface ActProps {
	tag: Tag;
	onDone: (ask: Promise<TagList>) => Promise<void>;
	onClose: () => void;
}

function Rename({ tag, onDone, onClose }: ActProps) {
	const { api } = useDesk();
	const [name, setName] = useState(tag.name);
	const complete = name.trim() !== '' && name.trim() !== tag.name;
	return (
		<Form
			title={t('tags.renameTitle')}
			action={t('tags.renameDo')}
			complete={complete}
			onSubmit={() => onDone(api.renameTag(tag.id, name.trim()))}
			onClose={onClose}
		>
			<Field label={t('tags.name')} value={name} onChange={setName} maxLength={40} isRequired autoFocus />
		</Form>
	);
}

function Merge({ tag, tags, onDone, onClose }: ActProps & { tags: Tag[] }) {
	const { api } = useDesk();
	const others = tags.filter((each) => each.id !== tag.id);
	const [into, setInto] = useState(others[0]?.id ?? '');
	return (
		<Form
			title={t('tags.mergeTitle', { name: tag.name })}
			action={t('tags.mergeDo')}
			complete={into !== ''}
			onSubmit={() => onDone(api.mergeTag(tag.id, into))}
			onClose={onClose}
		>
			<p className="dialog-words">{tn('tags.mergeWords', tag.conversations, { name: tag.name })}</p>
			<Select
				label={t('tags.into')}
				value={into}
				options={others.map((each) => ({ value: each.id, label: each.name }))}
				onChange={setInto}
			/>
		</Form>
	);
}

function Remove({ tag, onDone, onClose }: ActProps) {
	const { api } = useDesk();
	const [problem, setProblem] = useState('');
	const [busy, setBusy] = useState(false);
	const remove = async () => {
		setBusy(true);
		try {
			await onDone(api.dropTag(tag.id));
		} catch (thrown) {
			setProblem(problemOf(thrown).message);
			setBusy(false);
		}
	};
	return (
		<Confirm
			title={t('tags.removeTitle', { name: tag.name })}
			action={t('tags.removeDo')}
			danger
			busy={busy}
			isOpen
			onConfirm={remove}
			onClose={onClose}
		>
			{problem && <Notice tone="bad">{problem}</Notice>}
			{tn('tags.removeWords', tag.conversations)}
		</Confirm>
	);
}

interface FormProps {
	title: string;
	action: string;
	complete: boolean;
	onSubmit: () => Promise<void>;
	onClose: () => void;
	children: ReactNode;
}

function Form({ title, action, complete, onSubmit, onClose, children }: FormProps) {
	const { submit, problem, busy } = useSubmit(onSubmit);
	return (
		<Dialog title={title} isOpen onClose={onClose}>
			<form className="dialog-form" onSubmit={(event) => submit(event, complete)} noValidate>
				{problem && <Notice tone="bad">{problem}</Notice>}
				{children}
				<div className="dialog-actions">
					<Button kind="quiet" onPress={onClose}>
						{t('dialog.cancel')}
					</Button>
					<Button kind="primary" type="submit" busy={busy} isDisabled={!complete}>
						{action}
					</Button>
				</div>
			</form>
		</Dialog>
	);
}
