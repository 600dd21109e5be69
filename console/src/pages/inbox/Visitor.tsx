import { useEffect, useState } from 'react';
import { problemOf } from '../../api';
import { useDesk, useMe, useNow } from '../../context';
import { shortUrl, when } from '../../format';
import type { Activity, Attribute, ConversationView, Merge } from '../../protocol';
import { can } from '../../state/inbox';
import { t, tn } from '../../text';
import { Button } from '../../ui/Button';
import { Confirm } from '../../ui/Dialog';
import { Icon } from '../../ui/Icon';
import { Notice } from '../../ui/parts';
import { Section } from './Section';

/** What the site says of the customer beside name and address; nothing where it says nothing. */
export function Attributes({ attributes }: { attributes: Attribute[] | undefined }) {
	if (!attributes?.length) return null;
	return (
		<Section title={t('visitor.attributes')}>
			<dl className="facts known">
				{attributes.map((a) => (
					<div key={`${a.by} ${a.name}`}>
						<dt className="cut" title={a.name}>
							{a.name}
						</dt>
						<dd>
							<span className="any">{a.value}</span>
							{a.by === 'token' ? (
								<span className="known-ok" title={t('visitor.verifiedWords')}>
									<Icon name="shield" size={14} />
									<span className="sr">{t('visitor.verified')}</span>
								</span>
							) : (
								<small title={t('visitor.unverifiedWords')}>{t('visitor.unverified')}</small>
							)}
						</dd>
					</div>
				))}
			</dl>
		</Section>
	);
}

/** How often it is asked again what the customer does on the website. */
const look = 20_000;
/** So many lines fit beside the rest. */
const few = 5;

/** Pages that the customer saw and events of the site, newest first; nothing where none are kept. */
export function Doings({ customer, lastSeq }: { customer: string; lastSeq: number }) {
	const { api } = useDesk();
	const now = useNow(look);
	const [known, setKnown] = useState<{ of: string; list: Activity[] }>();
	const [all, setAll] = useState(false);
	// biome-ignore lint/correctness/useExhaustiveDependencies: a message, and the time that goes by, are why it is asked again
	useEffect(() => {
		if (document.hidden) return;
		let over = false;
		api.activity(customer).then(
			({ data }) => !over && setKnown({ of: customer, list: data ?? [] }),
			() => {}, // what is shown stays
		);
		return () => {
			over = true;
		};
	}, [api, customer, lastSeq, now]);
	const list = known?.of === customer ? known.list : [];
	if (list.length === 0) return null;
	return (
		<Section title={t('visitor.activity')} end={String(list.length)}>
			<ol className="doings">
				{(all ? list : list.slice(0, few)).map((a) => (
					<li key={a.id}>
						<Icon name={a.kind === 'visit' ? 'file' : 'check'} size={14} />
						<Doing activity={a} />
						<time dateTime={a.at}>{when(a.at, now)}</time>
					</li>
				))}
			</ol>
			{list.length > few && (
				<Button kind="quiet" onPress={() => setAll(!all)}>
					{all ? t('visitor.fewer') : tn('visitor.all', list.length)}
				</Button>
			)}
		</Section>
	);
}

function Doing({ activity }: { activity: Activity }) {
	const { kind, page, name, properties } = activity;
	if (kind === 'visit' && page?.url) {
		const url = /^https?:\/\//i.test(page.url) ? page.url : undefined;
		return (
			<a href={url} target="_blank" rel="noopener noreferrer" title={page.url}>
				<span className="sr">{t('visitor.saw')} </span>
				<span className="cut">{page.title || shortUrl(page.url)}</span>
			</a>
		);
	}
	const more = Object.entries(properties ?? {}).map(([key, value]) => `${key}: ${value}`);
	return (
		<span>
			<span className="sr">{t('visitor.did')} </span>
			<span className="any">{name}</span>
			{more.length > 0 && <small className="any">{more.join(' · ')}</small>}
		</span>
	);
}

/** Whose conversations became this customer's when the site named them, and the way back. */
export function Merges({ conversation }: { conversation: ConversationView }) {
	const desk = useDesk();
	const { user } = useMe();
	const now = useNow();
	const [merges, setMerges] = useState<Merge[]>([]);
	const [asked, setAsked] = useState<Merge>();
	const [busy, setBusy] = useState(false);
	const [problem, setProblem] = useState('');
	const customer = conversation.person.id;
	const named = !!conversation.person.subject;
	useEffect(() => {
		let over = false;
		setMerges([]);
		if (named) {
			desk.api.merges(customer).then(
				({ data }) => !over && setMerges(data ?? []),
				() => {}, // it is asked again with the next conversation
			);
		}
		return () => {
			over = true;
		};
	}, [desk, customer, named]);
	const undo = async () => {
		if (!asked) return;
		setBusy(true);
		setProblem('');
		try {
			const undone = await desk.undoMerge(conversation.id, asked.id);
			setMerges((list) => list.map((m) => (m.id === undone.id ? undone : m)));
			setAsked(undefined);
		} catch (thrown) {
			setProblem(problemOf(thrown).message);
		} finally {
			setBusy(false);
		}
	};
	if (merges.length === 0) return null;
	return (
		<Section title={t('visitor.merged')}>
			<ul className="merges">
				{merges.map((m) => (
					<li key={m.id}>
						<span className="quiet">
							{tn(m.undone_at ? 'visitor.mergeUndone' : 'visitor.merge', m.conversations.length, {
								time: when(m.undone_at ?? m.at, now),
							})}
						</span>
						{!m.undone_at && can(user.role, 'agent') && (
							<Button kind="quiet" onPress={() => setAsked(m)}>
								{t('visitor.undo')}
							</Button>
						)}
					</li>
				))}
			</ul>
			<Confirm
				title={t('visitor.undoTitle')}
				action={t('visitor.undoDo')}
				isOpen={!!asked}
				busy={busy}
				onConfirm={undo}
				onClose={() => setAsked(undefined)}
			>
				{problem && <Notice tone="bad">{problem}</Notice>}
				<p>{tn('visitor.undoWords', asked?.conversations.length ?? 0)}</p>
			</Confirm>
		</Section>
	);
}
