import { type FormEvent, useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { problemOf } from '../../api';
import { useDesk } from '../../context';
import type { LinkFound } from '../../protocol';
import { t } from '../../text';
import { Button } from '../../ui/Button';
import { PasswordField } from '../../ui/Field';
import { Notice } from '../../ui/parts';
import { useTitle } from '../../ui/title';
import { Brand } from './Brand';
import { passwordFault } from './faults';
import { tokenOf } from './Setup';

/** Sets a password with a link that works once: an invitation, or a new password for who has forgotten the old one. */
export default function Join() {
	const desk = useDesk();
	const [, navigate] = useLocation();
	const [token] = useState(() => tokenOf(location.hash));
	const [found, setFound] = useState<LinkFound | null>(null);
	const [gone, setGone] = useState('');
	const [password, setPassword] = useState('');
	const [left, setLeft] = useState(false);
	const [problem, setProblem] = useState('');
	const [busy, setBusy] = useState(false);
	const fault = passwordFault(password);
	useTitle(t('join.title'));
	useEffect(() => {
		desk.api.lookAtLink(token).then(setFound, (thrown) => setGone(problemOf(thrown).message));
	}, [desk, token]);

	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (busy || fault) return;
		setBusy(true);
		setProblem('');
		try {
			await desk.api.join({ token, password });
			await desk.enter();
			navigate('/', { replace: true });
		} catch (thrown) {
			setProblem(problemOf(thrown).message);
			setBusy(false);
		}
	};

	return (
		<main className="door" aria-busy={!found && !gone}>
			<Brand />
			<div className="door-form">
				{gone && (
					<>
						<h1>{t('join.gone')}</h1>
						<p>{gone}</p>
						<Button onPress={() => navigate('/', { replace: true })}>{t('join.toSignIn')}</Button>
					</>
				)}
				{found && (
					<>
						<h1>{found.new ? t('join.new', { name: found.name }) : t('join.title')}</h1>
						<p>{t(found.new ? 'join.newWords' : 'join.words', { ...found, new: '' })}</p>
						{problem && <Notice tone="bad">{problem}</Notice>}
						<form onSubmit={submit} noValidate>
							<input type="hidden" autoComplete="username" value={found.email} readOnly />
							<PasswordField
								label={t('field.password')}
								hint={t('setup.passwordHint')}
								autoComplete="new-password"
								value={password}
								onChange={(value) => {
									setPassword(value);
									setLeft(false);
								}}
								onBlur={() => setLeft(password !== '')}
								error={left ? fault : undefined}
								autoFocus
								isRequired
							/>
							<Button type="submit" kind="primary" wide busy={busy} isDisabled={fault !== undefined}>
								{t('join.action')}
							</Button>
						</form>
					</>
				)}
			</div>
			<p className="door-foot">{location.host}</p>
		</main>
	);
}
