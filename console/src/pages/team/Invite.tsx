import { type FormEvent, useState } from 'react';
import { problemOf } from '../../api';
import { useDesk, useMe, useNow } from '../../context';
import { due } from '../../format';
import type { Role, UserLink } from '../../protocol';
import { can } from '../../state/inbox';
import { t } from '../../text';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { Notice } from '../../ui/parts';
import { Select } from '../../ui/Select';
import { emailFault } from '../signin/faults';

const empty = { name: '', email: '', role: 'agent' as Role };

interface InviteProps {
	isOpen: boolean;
	onClose: () => void;
	onAdded: () => void;
}

export function Invite({ isOpen, onClose, onAdded }: InviteProps) {
	return (
		<Dialog title={t('invite.action')} isOpen={isOpen} onClose={onClose}>
			<InviteForm onClose={onClose} onAdded={onAdded} />
		</Dialog>
	);
}

/** The roles that somebody may give, the most usual first. */
export function useRoles() {
	const { user } = useMe();
	const roles: Role[] = ['agent', 'editor', 'admin', 'viewer'];
	if (can(user.role, 'owner')) roles.push('owner');
	return roles.map((role) => ({ value: role, label: t(`role.${role}`), hint: t(`roleHint.${role}`) }));
}

function InviteForm({ onClose, onAdded }: Omit<InviteProps, 'isOpen'>) {
	const desk = useDesk();
	const roles = useRoles();
	const [form, setForm] = useState(empty);
	const [left, setLeft] = useState(false);
	const [made, setMade] = useState<UserLink | null>(null);
	const [problem, setProblem] = useState<string>();
	const [busy, setBusy] = useState(false);
	const fault = emailFault(form.email);
	const complete = form.name.trim() !== '' && !fault;

	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (busy || !complete) return;
		setBusy(true);
		setProblem(undefined);
		try {
			setMade(await desk.api.invite({ ...form, name: form.name.trim(), email: form.email.trim() }));
			onAdded();
		} catch (thrown) {
			setProblem(problemOf(thrown).message);
		}
		setBusy(false);
	};

	if (made) return <LinkGiven made={made} onClose={onClose} />;
	return (
		<form className="dialog-form" onSubmit={submit} noValidate>
			<p className="quiet">{t('invite.words')}</p>
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
				maxLength={254}
				value={form.email}
				onChange={(email) => {
					setForm({ ...form, email });
					setLeft(false);
				}}
				onBlur={() => setLeft(form.email !== '')}
				error={left ? fault : undefined}
				isRequired
			/>
			<Select
				label={t('team.role')}
				value={form.role}
				options={roles}
				onChange={(role) => setForm({ ...form, role })}
			/>
			<div className="dialog-actions">
				<Button kind="quiet" onPress={onClose}>
					{t('dialog.cancel')}
				</Button>
				<Button type="submit" kind="primary" busy={busy} isDisabled={!complete}>
					{t('invite.send')}
				</Button>
			</div>
		</form>
	);
}

/** Where the link went: by e-mail, or to be copied from here. */
export function LinkGiven({ made, onClose }: { made: UserLink; onClose: () => void }) {
	const now = useNow();
	const [copied, setCopied] = useState(false);
	const until = due(made.ends, now);
	const copy = () => navigator.clipboard.writeText(made.link ?? '').then(() => setCopied(true));
	return (
		<div className="dialog-form">
			{made.sent && <Notice tone="ok">{t('invite.sent', { email: made.user.email, until })}</Notice>}
			{made.fault && <Notice tone="warn">{t('invite.notSent', { reason: made.fault })}</Notice>}
			{made.link && (
				<>
					<p className="quiet">{t('invite.copyWords', { name: made.user.name, until })}</p>
					<Field label={t('invite.link')} mono value={made.link} isReadOnly />
				</>
			)}
			<div className="dialog-actions">
				{made.link && (
					<Button icon={copied ? 'check' : 'link'} onPress={copy}>
						{t(copied ? 'invite.copied' : 'invite.copy')}
					</Button>
				)}
				<Button kind="primary" onPress={onClose}>
					{t('invite.done')}
				</Button>
			</div>
		</div>
	);
}
