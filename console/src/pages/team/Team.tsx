import { useCallback, useEffect, useState } from 'react';
import { type Problem, problemOf } from '../../api';
import { useDesk, useLate, useMe } from '../../context';
import { fullDate } from '../../format';
import type { PresenceState, Profile, StaffMember } from '../../protocol';
import { can } from '../../state/inbox';
import { useStore } from '../../state/store';
import { t, tn } from '../../text';
import { Button } from '../../ui/Button';
import { Bone, Dot, Face, Failure, Tag } from '../../ui/parts';
import { useTitle } from '../../ui/title';
import { Invite } from './Invite';
import { Manage } from './Manage';
import { ProfileCell } from './Profile';
import { Teams } from './Teams';

export default function Team() {
	const desk = useDesk();
	const me = useMe();
	const [users, setUsers] = useState<StaffMember[] | null>(null);
	const [profiles, setProfiles] = useState<Profile[]>([]);
	const [problem, setProblem] = useState<Problem | null>(null);
	const [adding, setAdding] = useState(false);
	const late = useLate(users === null && !problem);
	useTitle(t('nav.team'));

	const load = useCallback(async () => {
		setProblem(null);
		try {
			const [list, takes] = await Promise.all([desk.api.users(), desk.api.profiles()]);
			setProfiles(takes.data ?? []);
			setUsers(list.data ?? []);
			desk.presence.set(list.presence ?? []);
		} catch (thrown) {
			setProblem(problemOf(thrown));
		}
	}, [desk]);
	useEffect(() => void load(), [load]);

	return (
		<main className="page" data-pane>
			<header className="page-head">
				<h1>{t('nav.team')}</h1>
				<div className="page-acts">
					{can(me.user.role, 'admin') && (
						<Button kind="primary" icon="plus" onPress={() => setAdding(true)}>
							{t('invite.action')}
						</Button>
					)}
				</div>
			</header>
			<div className="page-body narrow">
				{problem && !users && (
					<Failure
						title={t(problem.status === 403 ? 'team.noPermission' : 'team.failed')}
						retry={problem.status !== 403 && <Button onPress={load}>{t('retry')}</Button>}
					>
						{problem.message}
					</Failure>
				)}
				{late && <Bones />}
				{users && <Users users={users} profiles={profiles} me={me.user.id} onChange={load} />}
				{users && <Teams users={users} />}
			</div>
			<Invite isOpen={adding} onClose={() => setAdding(false)} onAdded={load} />
		</main>
	);
}

interface UsersProps {
	users: StaffMember[];
	profiles: Profile[];
	me: string;
	onChange: () => void;
}

function Users({ users, profiles, me, onChange }: UsersProps) {
	const presence = useStore(useDesk().presence);
	const states = new Map(presence.map((p) => [p.user, p.state]));
	return (
		<table className="table people">
			<caption>{tn('team.total', users.length)}</caption>
			<thead>
				<tr>
					<th scope="col">{t('team.name')}</th>
					<th scope="col">{t('team.presence')}</th>
					<th scope="col" className="from-m">
						{t('team.role')}
					</th>
					<th scope="col" className="from-m">
						{t('profile.takes')}
					</th>
					<th scope="col" className="end from-l">
						{t('team.since')}
					</th>
					<td />
				</tr>
			</thead>
			<tbody>
				{users.map((user) => {
					const state: PresenceState = states.get(user.id) ?? 'offline';
					return (
						<tr key={user.id}>
							<th scope="row">
								<div className="person">
									<Face name={user.name} photo={user.photo} />
									<div>
										<span className="person-name">
											<span className="cut">{user.name}</span>
											{user.id === me && <Tag tone="agent">{t('log.you')}</Tag>}
											{user.disabled_at && <Tag tone="bad">{t('person.disabled')}</Tag>}
											{!user.disabled_at && !user.password && !user.provider && <Tag>{t('person.invited')}</Tag>}
										</span>
										<small className="cut">{user.email}</small>
									</div>
								</div>
							</th>
							<td>
								<span className="state">
									<Dot state={state} />
									{t(`presence.${state}`)}
								</span>
							</td>
							<td className="from-m">{t(`role.${user.role}`)}</td>
							<td className="from-m">
								<ProfileCell user={user} profile={profiles.find((p) => p.user === user.id)} onSaved={onChange} />
							</td>
							<td className="end from-l">
								<time dateTime={user.created_at}>{fullDate(user.created_at)}</time>
							</td>
							<td className="end">
								<Manage user={user} onChange={onChange} />
							</td>
						</tr>
					);
				})}
			</tbody>
		</table>
	);
}

function Bones() {
	return (
		<div className="table-bones" role="status" aria-label={t('app.loading')}>
			{['30%', '24%', '34%', '28%'].map((width) => (
				<div key={width}>
					<Bone width={width} height={12} />
					<Bone width="72px" height={12} />
				</div>
			))}
		</div>
	);
}
