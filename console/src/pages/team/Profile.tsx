import { type FormEvent, useState } from 'react';
import { problemOf } from '../../api';
import { useDesk, useMe } from '../../context';
import type { Profile, User } from '../../protocol';
import { can } from '../../state/inbox';
import { t, tn } from '../../text';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { Notice } from '../../ui/parts';

const list = (text: string) =>
	text
		.split(',')
		.map((word) => word.trim())
		.filter(Boolean);

/** What an agent can take, in a few words, with a way to change it. */
export function ProfileCell({ user, profile, onSaved }: { user: User; profile?: Profile; onSaved: () => void }) {
	const me = useMe().user;
	const [open, setOpen] = useState(false);
	if (!can(user.role, 'agent')) return null;
	const parts = [
		profile?.capacity ? tn('profile.chats', profile.capacity) : t('profile.default'),
		...(profile?.skills ?? []),
		...(profile?.languages ?? []),
	];
	const words = parts.join(' · ');
	if (!can(me.role, 'admin') && user.id !== me.id) return <span className="profile">{words}</span>;
	return (
		<>
			<button
				type="button"
				className="profile"
				aria-label={t('profile.change', { name: user.name, words })}
				onClick={() => setOpen(true)}
			>
				{words}
			</button>
			<Dialog title={t('profile.title', { name: user.name })} isOpen={open} onClose={() => setOpen(false)}>
				<Form user={user} profile={profile} onClose={() => setOpen(false)} onSaved={onSaved} />
			</Dialog>
		</>
	);
}

interface FormProps {
	user: User;
	profile?: Profile;
	onClose: () => void;
	onSaved: () => void;
}

function Form({ user, profile, onClose, onSaved }: FormProps) {
	const { api } = useDesk();
	const admin = can(useMe().user.role, 'admin');
	const [capacity, setCapacity] = useState(profile?.capacity ? String(profile.capacity) : '');
	const [skills, setSkills] = useState((profile?.skills ?? []).join(', '));
	const [languages, setLanguages] = useState((profile?.languages ?? []).join(', '));
	const [problem, setProblem] = useState('');
	const [busy, setBusy] = useState(false);
	const chats = capacity.trim() === '' ? 0 : /^\d{1,3}$/.test(capacity.trim()) ? Number(capacity) : Number.NaN;
	const fault = Number.isNaN(chats) || chats > 100 ? t('routing.capacityFault') : undefined;
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (busy || fault) return;
		setBusy(true);
		setProblem('');
		try {
			await api.saveProfile(user.id, { capacity: chats, skills: list(skills), languages: list(languages) });
			onSaved();
			onClose();
		} catch (thrown) {
			setProblem(problemOf(thrown).message);
			setBusy(false);
		}
	};
	return (
		<form className="dialog-form" onSubmit={submit} noValidate>
			{problem && <Notice tone="bad">{problem}</Notice>}
			<Field
				label={t('profile.capacity')}
				hint={t(admin ? 'profile.capacityHint' : 'profile.adminOnly')}
				inputMode="numeric"
				value={capacity}
				onChange={setCapacity}
				error={fault}
				isDisabled={!admin}
				autoFocus={admin}
			/>
			<Field
				label={t('profile.skills')}
				hint={t(admin ? 'profile.skillsHint' : 'profile.adminOnly')}
				value={skills}
				onChange={setSkills}
				isDisabled={!admin}
				maxLength={1000}
			/>
			<Field
				label={t('profile.languages')}
				hint={t('profile.languagesHint')}
				value={languages}
				onChange={setLanguages}
				maxLength={400}
				autoFocus={!admin}
			/>
			<div className="dialog-actions">
				<Button kind="quiet" onPress={onClose}>
					{t('dialog.cancel')}
				</Button>
				<Button type="submit" kind="primary" busy={busy} isDisabled={fault !== undefined}>
					{t('settings.save')}
				</Button>
			</div>
		</form>
	);
}
