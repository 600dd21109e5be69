import { useCallback, useEffect, useState } from 'react';
import { problemOf } from '../../api';
import { useDesk, useNow } from '../../context';
import { when } from '../../format';
import type { Account as AccountView, StaffSession } from '../../protocol';
import { t, tn } from '../../text';
import { Button } from '../../ui/Button';
import { Field, PasswordField } from '../../ui/Field';
import { Group } from '../../ui/Group';
import { Bone, Failure, Notice, Tag } from '../../ui/parts';
import { useTitle } from '../../ui/title';
import { passwordFault } from '../signin/faults';
import { deviceOf } from './device';
import { Photo } from './Photo';

/** The own account: name, password, and where one is signed in. */
export default function Account() {
	const { api } = useDesk();
	const [account, setAccount] = useState<AccountView | null>(null);
	const [problem, setProblem] = useState('');
	useTitle(t('account.title'));
	const load = useCallback(() => {
		setProblem('');
		api.account().then(setAccount, (thrown) => setProblem(problemOf(thrown).message));
	}, [api]);
	useEffect(load, [load]);
	return (
		<main className="page" data-pane aria-busy={!account && !problem}>
			<header className="page-head">
				<h1>{t('account.title')}</h1>
			</header>
			{problem && !account && (
				<Failure title={t('settings.failed')} retry={<Button onPress={load}>{t('retry')}</Button>}>
					{problem}
				</Failure>
			)}
			<div className="page-body mail">
				{!account && !problem && <Bone width="40%" />}
				{account && (
					<>
						<You account={account} onChange={load} />
						<Password account={account} onChange={load} />
						<Sessions account={account} onChange={load} />
					</>
				)}
			</div>
		</main>
	);
}

interface PartProps {
	account: AccountView;
	onChange: () => void;
}

function You({ account, onChange }: PartProps) {
	const desk = useDesk();
	const [name, setName] = useState(account.user.name);
	const [said, setSaid] = useState<{ ok: boolean; words: string } | null>(null);
	const save = async () => {
		try {
			await desk.api.changeAccount({ name: name.trim() });
			setSaid({ ok: true, words: t('account.saved') });
			await desk.enter();
			onChange();
		} catch (thrown) {
			setSaid({ ok: false, words: problemOf(thrown).message });
		}
	};
	return (
		<Group title={t('account.you')} words={t('account.youWords')}>
			<Field label={t('team.name')} autoComplete="name" maxLength={80} value={name} onChange={setName} />
			<p className="quiet">
				{account.user.email}, {t(`role.${account.user.role}`)}
			</p>
			<div>
				<Button isDisabled={name.trim() === '' || name.trim() === account.user.name} onPress={save}>
					{t('account.saveName')}
				</Button>
			</div>
			{said && <Notice tone={said.ok ? 'ok' : 'bad'}>{said.words}</Notice>}
			<Photo user={account.user} onChange={onChange} />
		</Group>
	);
}

function Password({ account, onChange }: PartProps) {
	const { api } = useDesk();
	const [current, setCurrent] = useState('');
	const [password, setPassword] = useState('');
	const [left, setLeft] = useState(false);
	const [busy, setBusy] = useState(false);
	const [said, setSaid] = useState<{ ok: boolean; words: string } | null>(null);
	const fault = passwordFault(password);
	if (!account.user.password)
		return (
			<Group title={t('account.password')} words={t('account.passwordWords')}>
				<p className="quiet">{t('account.noPassword')}</p>
			</Group>
		);
	const save = async () => {
		setBusy(true);
		setSaid(null);
		try {
			await api.changePassword({ current, password });
			setCurrent('');
			setPassword('');
			setSaid({ ok: true, words: t('account.changed') });
			onChange();
		} catch (thrown) {
			setSaid({ ok: false, words: problemOf(thrown).message });
		}
		setBusy(false);
	};
	return (
		<Group title={t('account.password')} words={t('account.passwordWords')}>
			<PasswordField
				label={t('account.current')}
				autoComplete="current-password"
				value={current}
				onChange={setCurrent}
			/>
			<PasswordField
				label={t('account.new')}
				hint={t('setup.passwordHint')}
				autoComplete="new-password"
				value={password}
				onChange={(value) => {
					setPassword(value);
					setLeft(false);
				}}
				onBlur={() => setLeft(password !== '')}
				error={left ? fault : undefined}
			/>
			<div>
				<Button busy={busy} isDisabled={current === '' || fault !== undefined} onPress={save}>
					{t('account.change')}
				</Button>
			</div>
			{said && <Notice tone={said.ok ? 'ok' : 'bad'}>{said.words}</Notice>}
		</Group>
	);
}

function Sessions({ account, onChange }: PartProps) {
	const { api } = useDesk();
	const now = useNow();
	const [problem, setProblem] = useState('');
	const sessions = account.sessions ?? [];
	const end = (what: Promise<unknown>) =>
		what.then(onChange, (thrown) => {
			setProblem(problemOf(thrown).message);
			onChange();
		});
	return (
		<Group title={tn('account.sessions', sessions.length)} words={t('account.sessionsWords')}>
			{problem && <Notice tone="bad">{problem}</Notice>}
			<ul className="sessions">
				{sessions.map((s: StaffSession) => (
					<li key={s.id}>
						<div>
							<b>{deviceOf(s.device)}</b> {s.id === account.session && <Tag tone="agent">{t('account.this')}</Tag>}
							<small className="quiet">
								{s.address}, {t(`account.way.${s.way}`)}, {t('account.used', { when: when(s.used_at, now) })}
							</small>
						</div>
						{s.id !== account.session && (
							<Button
								kind="quiet"
								aria-label={t('account.endOne', { device: deviceOf(s.device), address: s.address })}
								onPress={() => end(api.endSession(s.id))}
							>
								{t('account.end')}
							</Button>
						)}
					</li>
				))}
			</ul>
			{sessions.length > 1 && (
				<div>
					<Button onPress={() => end(api.endOtherSessions())}>{t('account.endOthers')}</Button>
				</div>
			)}
		</Group>
	);
}
