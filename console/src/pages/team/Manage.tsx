import { useState } from 'react';
import { problemOf } from '../../api';
import { useDesk, useMe } from '../../context';
import type { Role, StaffMember, UserLink } from '../../protocol';
import { can } from '../../state/inbox';
import { t, tn } from '../../text';
import { Button, IconButton } from '../../ui/Button';
import { Confirm, Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { Notice } from '../../ui/parts';
import { Select } from '../../ui/Select';
import { LinkGiven, useRoles } from './Invite';

/** The way to manage a person, for whom may: admins, and owners alone for owners. */
export function Manage({ user, onChange }: { user: StaffMember; onChange: () => void }) {
	const me = useMe();
	const [open, setOpen] = useState(false);
	if (!can(me.user.role, user.role === 'owner' ? 'owner' : 'admin')) return null;
	const title = t('person.manage', { name: user.name });
	return (
		<>
			<IconButton icon="more" label={title} onPress={() => setOpen(true)} />
			<Dialog title={title} isOpen={open} onClose={() => setOpen(false)}>
				<Form user={user} onChange={onChange} onClose={() => setOpen(false)} />
			</Dialog>
		</>
	);
}

function Form({ user, onChange, onClose }: { user: StaffMember; onChange: () => void; onClose: () => void }) {
	const { api } = useDesk();
	const me = useMe();
	const roles = useRoles();
	const [name, setName] = useState(user.name);
	const [role, setRole] = useState<Role>(user.role);
	const [made, setMade] = useState<UserLink | null>(null);
	const [said, setSaid] = useState<{ ok: boolean; words: string } | null>(null);
	const [asking, setAsking] = useState(false);
	const [busy, setBusy] = useState(false);
	const off = user.disabled_at !== undefined;
	const changed = name.trim() !== user.name || role !== user.role;

	const run = (what: () => Promise<string | undefined>) => async () => {
		if (busy) return;
		setBusy(true);
		setSaid(null);
		try {
			const words = await what();
			onChange();
			if (words) setSaid({ ok: true, words });
		} catch (thrown) {
			setSaid({ ok: false, words: problemOf(thrown).message });
		}
		setBusy(false);
	};
	const save = run(async () => {
		await api.changeUser(user.id, { name: name.trim(), role });
		onClose();
		return undefined;
	});
	const disable = (disabled: boolean) =>
		run(async () => {
			await api.changeUser(user.id, { disabled });
			onClose();
			return undefined;
		});

	if (made) return <LinkGiven made={made} onClose={onClose} />;
	return (
		<div className="dialog-form">
			{said && <Notice tone={said.ok ? 'ok' : 'bad'}>{said.words}</Notice>}
			<Field label={t('team.name')} maxLength={80} value={name} onChange={setName} />
			<Select label={t('team.role')} value={role} options={roles} onChange={setRole} />
			<div className="person-acts">
				<Button icon="link" isDisabled={off} onPress={run(async () => void setMade(await api.linkUser(user.id)))}>
					{t('person.link')}
				</Button>
				<Button onPress={run(async () => tn('person.signedOut', (await api.signOutUser(user.id)).ended))}>
					{t('person.signOut')}
				</Button>
				{user.provider && (
					<Button
						onPress={run(async () => {
							await api.changeUser(user.id, { untie: true });
							return t('person.untied');
						})}
					>
						{t('person.untie')}
					</Button>
				)}
				{user.id !== me.user.id && (
					<Button kind={off ? 'default' : 'danger'} onPress={off ? disable(false) : () => setAsking(true)}>
						{t(off ? 'person.enable' : 'person.disable')}
					</Button>
				)}
			</div>
			<div className="dialog-actions">
				<Button kind="quiet" onPress={onClose}>
					{t('dialog.cancel')}
				</Button>
				<Button kind="primary" busy={busy} isDisabled={!changed || name.trim() === ''} onPress={save}>
					{t('person.save')}
				</Button>
			</div>
			<Confirm
				title={t('person.disableTitle', { name: user.name })}
				action={t('person.disable')}
				danger
				isOpen={asking}
				onConfirm={() => {
					setAsking(false);
					void disable(true)();
				}}
				onClose={() => setAsking(false)}
			>
				{t('person.disableWords')}
			</Confirm>
		</div>
	);
}
