import { type FormEvent, useCallback, useEffect, useState } from 'react';
import { problemOf } from '../../api';
import { useDesk, useMe } from '../../context';
import type { Team, User } from '../../protocol';
import { can } from '../../state/inbox';
import { t } from '../../text';
import { Button, IconButton } from '../../ui/Button';
import { Confirm, Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { Empty, Face, Notice } from '../../ui/parts';
import { uuidv7 } from '../../uuid';

const newTeam = (): Team => ({ id: uuidv7(), name: '', members: [], created_at: '' });

/** The groups of agents that conversations can wait for. */
export function Teams({ users }: { users: User[] }) {
	const desk = useDesk();
	const { user } = useMe();
	const [teams, setTeams] = useState<Team[]>();
	const [problem, setProblem] = useState<string>();
	const [edited, edit] = useState<Team>();
	const load = useCallback(() => {
		desk.api.teams().then(
			(list) => {
				setTeams(list.data ?? []);
				setProblem(undefined);
			},
			(thrown) => setProblem(problemOf(thrown).message),
		);
	}, [desk]);
	useEffect(load, [load]);
	const isAdmin = can(user.role, 'admin');
	const names = new Map(users.map((u) => [u.id, u.name]));
	return (
		<section className="teams" aria-labelledby="teams">
			<header>
				<h2 id="teams">{t('teams.title')}</h2>
				{isAdmin && (
					<Button icon="plus" onPress={() => edit(newTeam())}>
						{t('teams.add')}
					</Button>
				)}
			</header>
			{problem && (
				<Notice tone="bad" action={<Button onPress={load}>{t('retry')}</Button>}>
					{t('teams.failed')}. {problem}
				</Notice>
			)}
			{teams?.length === 0 && (
				<Empty icon="people" title={t('teams.none')}>
					{t('teams.noneWords')}
				</Empty>
			)}
			{teams && teams.length > 0 && (
				<table className="table">
					<thead>
						<tr>
							<th scope="col">{t('team.name')}</th>
							<th scope="col">{t('teams.members')}</th>
							{isAdmin && (
								<th scope="col" className="end">
									<span className="sr">{t('conv.more')}</span>
								</th>
							)}
						</tr>
					</thead>
					<tbody>
						{teams.map((team) => (
							<tr key={team.id}>
								<th scope="row">{team.name}</th>
								<td>{team.members.map((id) => names.get(id)).join(', ') || t('teams.noMembers')}</td>
								{isAdmin && (
									<td className="end">
										<IconButton
											icon="sliders"
											label={t('teams.edit', { name: team.name })}
											onPress={() => edit(team)}
										/>
									</td>
								)}
							</tr>
						))}
					</tbody>
				</table>
			)}
			{edited && (
				<EditTeam
					key={edited.id}
					team={edited}
					users={users.filter((u) => can(u.role, 'agent'))}
					onClose={() => edit(undefined)}
					onSaved={() => {
						edit(undefined);
						load();
					}}
				/>
			)}
		</section>
	);
}

interface EditTeamProps {
	team: Team;
	users: User[];
	onClose: () => void;
	onSaved: () => void;
}

function EditTeam({ team, users, onClose, onSaved }: EditTeamProps) {
	const desk = useDesk();
	const [name, setName] = useState(team.name);
	const [members, setMembers] = useState(new Set(team.members));
	const [dropping, setDropping] = useState(false);
	const [busy, setBusy] = useState(false);
	const [problem, setProblem] = useState<string>();
	const isNew = team.name === '';

	const act = async (call: () => Promise<unknown>) => {
		if (busy) return;
		setBusy(true);
		setProblem(undefined);
		try {
			await call();
			onSaved();
		} catch (thrown) {
			setProblem(problemOf(thrown).message);
			setBusy(false);
			setDropping(false);
		}
	};
	const toggle = (id: string) => {
		const next = new Set(members);
		if (!next.delete(id)) next.add(id);
		setMembers(next);
	};
	const submit = (event: FormEvent) => {
		event.preventDefault();
		void act(() => desk.api.saveTeam(team.id, { name: name.trim(), members: [...members] }));
	};

	if (dropping) {
		return (
			<Confirm
				title={t('teams.dropTitle', { name: team.name })}
				action={t('teams.drop')}
				danger
				busy={busy}
				isOpen
				onConfirm={() => void act(() => desk.api.dropTeam(team.id))}
				onClose={() => setDropping(false)}
			>
				{t('teams.dropWords')}
			</Confirm>
		);
	}
	return (
		<Dialog title={isNew ? t('teams.add') : t('teams.edit', { name: team.name })} isOpen onClose={onClose}>
			<form className="dialog-form" onSubmit={submit}>
				{problem && <Notice tone="bad">{problem}</Notice>}
				<Field label={t('teams.name')} maxLength={80} value={name} onChange={setName} autoFocus isRequired />
				<fieldset className="members">
					<legend>{t('teams.members')}</legend>
					{users.map((u) => (
						<label key={u.id}>
							<input type="checkbox" checked={members.has(u.id)} onChange={() => toggle(u.id)} />
							<Face name={u.name} photo={u.photo} size="s" />
							<span className="grow cut">{u.name}</span>
						</label>
					))}
				</fieldset>
				<div className="dialog-actions">
					{!isNew && (
						<Button kind="quiet" onPress={() => setDropping(true)}>
							{t('teams.drop')}
						</Button>
					)}
					<Button kind="quiet" onPress={onClose}>
						{t('dialog.cancel')}
					</Button>
					<Button type="submit" kind="primary" busy={busy} isDisabled={name.trim() === ''}>
						{t('teams.save')}
					</Button>
				</div>
			</form>
		</Dialog>
	);
}
