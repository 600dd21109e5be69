import { type FormEvent, useEffect, useState } from 'react';
import { Collection } from 'react-aria-components/Collection';
import { Header } from 'react-aria-components/Header';
import { ListBox, ListBoxItem, ListBoxSection } from 'react-aria-components/ListBox';
import { problemOf } from '../../api';
import { useDesk } from '../../context';
import type { Presence, Team, User } from '../../protocol';
import { can } from '../../state/inbox';
import { useStore } from '../../state/store';
import type { Thread } from '../../state/thread';
import { t, tn } from '../../text';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { Icon } from '../../ui/Icon';
import { Bone, Dot, Notice } from '../../ui/parts';
import type { AsideProps } from './aside';

/** Passes a conversation on: to an agent, to a team, or back to everybody, with a note for the staff. */
export default function Transfer({ thread, me, onClose, onDone }: AsideProps) {
	const desk = useDesk();
	const presence = useStore(desk.presence);
	const [known, setKnown] = useState<{ users: User[]; teams: Team[] }>();
	const [to, setTo] = useState('');
	const [note, setNote] = useState('');
	const [busy, setBusy] = useState(false);
	const [problem, setProblem] = useState<string>();

	useEffect(() => {
		Promise.all([desk.api.users(), desk.api.teams()]).then(
			([users, teams]) => setKnown({ users: users.data ?? [], teams: teams.data ?? [] }),
			(thrown) => setProblem(problemOf(thrown).message),
		);
	}, [desk]);

	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (busy || to === '') return;
		setBusy(true);
		setProblem(undefined);
		const [kind, id] = to.split(' ');
		try {
			await desk.move(thread.id, 'transfer', {
				...(kind === 'agent' && { agent: id }),
				...(kind === 'team' && { team: id }),
				note: note.trim() || undefined,
			});
			onDone(id !== me);
		} catch (thrown) {
			setProblem(problemOf(thrown).message);
			setBusy(false);
		}
	};

	return (
		<Dialog title={t('transfer.title')} isOpen onClose={onClose}>
			<form className="dialog-form" onSubmit={submit}>
				{problem && <Notice tone="bad">{problem}</Notice>}
				{known ? (
					<Choices {...{ ...known, thread, me, presence, to }} onChoose={setTo} />
				) : (
					!problem && <Bone height={160} />
				)}
				<Field
					label={t('transfer.note')}
					hint={t('transfer.noteHint')}
					lines
					maxLength={4000}
					value={note}
					onChange={setNote}
				/>
				<div className="dialog-actions">
					<Button kind="quiet" onPress={onClose}>
						{t('dialog.cancel')}
					</Button>
					<Button type="submit" kind="primary" busy={busy} isDisabled={to === ''}>
						{t('transfer.do')}
					</Button>
				</div>
			</form>
		</Dialog>
	);
}

interface ChoicesProps {
	users: User[];
	teams: Team[];
	thread: Thread;
	me: string;
	presence: Presence[];
	to: string;
	onChoose: (to: string) => void;
}

function Choices({ users, teams, thread, me, presence, to, onChoose }: ChoicesProps) {
	const states = new Map(presence.map((p) => [p.user, p.state]));
	const stateOf = (id: string) => states.get(id) ?? 'offline';
	const { holding, view } = thread;
	// Somebody who is offline gets nothing that a customer waits in.
	const waits = Boolean(view?.promised) || view?.last_from === 'customer';
	const order = { online: 0, away: 1, offline: 2 };
	const agents = users
		.filter((u) => can(u.role, 'agent') && !(holding?.owner === 'agent' && holding.agent === u.id))
		.sort((a, b) => Number(b.id === me) - Number(a.id === me) || order[stateOf(a.id)] - order[stateOf(b.id)]);
	const queued = holding?.owner === 'queue';
	const others = teams.filter((team) => !(queued && view?.team === team.id));
	const off = (u: User) => waits && u.id !== me && stateOf(u.id) === 'offline';
	return (
		<ListBox
			className="choices"
			aria-label={t('transfer.list')}
			autoFocus
			selectionMode="single"
			disallowEmptySelection
			selectedKeys={to ? [to] : []}
			disabledKeys={agents.filter(off).map((u) => `agent ${u.id}`)}
			onSelectionChange={(keys) => keys !== 'all' && onChoose(String([...keys][0] ?? ''))}
		>
			{agents.length > 0 && (
				<ListBoxSection>
					<Header>{t('transfer.agents')}</Header>
					<Collection items={agents}>
						{(u) => (
							<ListBoxItem id={`agent ${u.id}`} textValue={u.name} className="choice">
								<Dot state={stateOf(u.id)} />
								<span className="grow cut">{u.id === me ? t('transfer.me') : u.name}</span>
								<span className="hint">{off(u) ? t('transfer.waits') : t(`presence.${stateOf(u.id)}`)}</span>
							</ListBoxItem>
						)}
					</Collection>
				</ListBoxSection>
			)}
			{(others.length > 0 || !queued || view?.team) && (
				<ListBoxSection>
					<Header>{t('transfer.teams')}</Header>
					<Collection items={others}>
						{(team) => (
							<ListBoxItem id={`team ${team.id}`} textValue={team.name} className="choice">
								<Icon name="people" />
								<span className="grow cut">{team.name}</span>
								<span className="hint">
									{tn('transfer.members', team.members.length, {
										online: team.members.filter((id) => stateOf(id) === 'online').length,
									})}
								</span>
							</ListBoxItem>
						)}
					</Collection>
					{(!queued || view?.team) && (
						<ListBoxItem id="everybody" textValue={t('transfer.everybody')} className="choice">
							<Icon name="inbox" />
							<span className="grow cut">{t('transfer.everybody')}</span>
							<span className="hint">{t('transfer.everybodyHint')}</span>
						</ListBoxItem>
					)}
				</ListBoxSection>
			)}
		</ListBox>
	);
}
