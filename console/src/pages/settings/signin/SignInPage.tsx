import { useCallback, useEffect, useState } from 'react';
import { problemOf } from '../../../api';
import { useDesk, useMe } from '../../../context';
import type { PasswordsRule, SSOView, StaffSettingsView } from '../../../protocol';
import { can } from '../../../state/inbox';
import { t } from '../../../text';
import { Button } from '../../../ui/Button';
import { Group } from '../../../ui/Group';
import { Bone, Failure, Notice } from '../../../ui/parts';
import { Select } from '../../../ui/Select';
import { Head } from '../Head';

/** How one signs in: the identity provider as it stands, and who may use a password. */
export default function SignInPage() {
	const { api } = useDesk();
	const { user } = useMe();
	const [view, setView] = useState<StaffSettingsView | null>(null);
	const [problem, setProblem] = useState('');
	const load = useCallback(() => {
		setProblem('');
		api.staffSettings().then(setView, (thrown) => setProblem(problemOf(thrown).message));
	}, [api]);
	useEffect(load, [load]);
	const choose = (passwords: PasswordsRule) => {
		if (!view) return;
		setProblem('');
		api
			.saveStaffSettings({ ...view.settings, passwords })
			.then(setView, (thrown) => setProblem(problemOf(thrown).message));
	};
	const owner = can(user.role, 'owner');
	return (
		<main className="page" data-pane aria-busy={!view && !problem}>
			<Head title={t('settings.signin')} />
			{problem && !view && (
				<Failure title={t('settings.failed')} retry={<Button onPress={load}>{t('retry')}</Button>}>
					{problem}
				</Failure>
			)}
			<div className="page-body mail">
				{!view && !problem && <Bone width="40%" />}
				{view && (
					<>
						{problem && <Notice tone="bad">{t('settings.notSaved', { reason: problem })}</Notice>}
						<Group title={t('sso.provider')} words={t('sso.providerWords')}>
							{view.provider.issuer ? <Provider p={view.provider} /> : <p className="quiet">{t('sso.none')}</p>}
						</Group>
						<Group title={t('sso.passwords')} words={t('sso.passwordsWords')}>
							<Select<PasswordsRule>
								label={t('sso.passwords')}
								value={view.settings.passwords}
								options={(['everybody', 'owners'] as const).map((value) => ({
									value,
									label: t(`sso.passwords.${value}`),
								}))}
								isDisabled={!owner}
								onChange={choose}
							/>
							{!owner && <p className="quiet">{t('sso.ownerOnly')}</p>}
						</Group>
					</>
				)}
			</div>
		</main>
	);
}

function Provider({ p }: { p: SSOView }) {
	const roles = Object.entries(p.roles);
	const rows: [string, string][] = [
		[t('sso.button'), p.label],
		[t('sso.issuer'), p.issuer],
		[t('sso.client'), p.client_id],
		[t('sso.redirect'), p.redirect_uri],
		[t('sso.domains'), (p.domains ?? []).join(', ') || t('sso.allDomains')],
		[t('sso.newUsers'), p.role ? t('sso.newRole', { role: t(`role.${p.role}`) }) : t('sso.newNone')],
	];
	if (roles.length > 0)
		rows.push([t('sso.roles', { claim: p.claim }), roles.map(([group, role]) => `${group}: ${role}`).join(', ')]);
	return (
		<>
			<Notice tone={p.fault ? 'bad' : 'ok'}>{p.fault ? t('sso.fault', { reason: p.fault }) : t('sso.works')}</Notice>
			<dl className="facts wide">
				{rows.map(([name, value]) => (
					<div key={name}>
						<dt>{name}</dt>
						<dd>{value}</dd>
					</div>
				))}
			</dl>
		</>
	);
}
