import { type FormEvent, useState } from 'react';
import { problemOf } from '../../api';
import { useDesk } from '../../context';
import type { Role } from '../../protocol';
import { t } from '../../text';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Field, PasswordField } from '../../ui/Field';
import { Notice } from '../../ui/parts';
import { Select } from '../../ui/Select';
import { emailFault, passwordFault } from '../signin/faults';

const roles: Role[] = ['agent', 'editor', 'admin', 'viewer'];
const empty = { name: '', email: '', password: '', role: 'agent' as Role };

interface AddUserProps {
	isOpen: boolean;
	onClose: () => void;
	onAdded: () => void;
}

export function AddUser({ isOpen, onClose, onAdded }: AddUserProps) {
	return (
		<Dialog title={t('team.addTitle')} isOpen={isOpen} onClose={onClose}>
			<AddUserForm onClose={onClose} onAdded={onAdded} />
		</Dialog>
	);
}

function AddUserForm({ onClose, onAdded }: Omit<AddUserProps, 'isOpen'>) {
	const desk = useDesk();
	const [form, setForm] = useState(empty);
	const [left, setLeft] = useState({ email: false, password: false });
	const [problem, setProblem] = useState<string>();
	const [busy, setBusy] = useState(false);
	const faults = { email: emailFault(form.email), password: passwordFault(form.password) };
	const complete = form.name.trim() !== '' && !faults.email && !faults.password;

	const set = (key: 'email' | 'password') => (value: string) => {
		setForm({ ...form, [key]: value });
		setLeft({ ...left, [key]: false });
	};
	const leave = (key: 'email' | 'password') => () => setLeft({ ...left, [key]: form[key] !== '' });

	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (busy || !complete) return;
		setBusy(true);
		setProblem(undefined);
		try {
			await desk.api.addUser({ ...form, name: form.name.trim(), email: form.email.trim() });
			onAdded();
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
				label={t('team.name')}
				hint={t('setup.nameHint')}
				autoComplete="off"
				maxLength={80}
				value={form.name}
				onChange={(name) => setForm({ ...form, name })}
				autoFocus
				isRequired
			/>
			<Field
				label={t('field.email')}
				type="email"
				autoComplete="off"
				value={form.email}
				onChange={set('email')}
				onBlur={leave('email')}
				error={left.email ? faults.email : undefined}
				isRequired
			/>
			<PasswordField
				label={t('field.password')}
				hint={t('team.passwordHint')}
				autoComplete="new-password"
				value={form.password}
				onChange={set('password')}
				onBlur={leave('password')}
				error={left.password ? faults.password : undefined}
				isRequired
			/>
			<Select
				label={t('team.role')}
				value={form.role}
				options={roles.map((role) => ({
					value: role,
					label: t(`role.${role}`),
					hint: t(`roleHint.${role as 'agent'}`),
				}))}
				onChange={(role) => setForm({ ...form, role })}
			/>
			<div className="dialog-actions">
				<Button kind="quiet" onPress={onClose}>
					{t('dialog.cancel')}
				</Button>
				<Button type="submit" kind="primary" busy={busy} isDisabled={!complete}>
					{t('team.add')}
				</Button>
			</div>
		</form>
	);
}
