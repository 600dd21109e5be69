import { type FormEvent, useState } from 'react';
import { problemOf } from '../../api';
import { useDesk } from '../../context';
import { t } from '../../text';
import { Button } from '../../ui/Button';
import { Field, PasswordField } from '../../ui/Field';
import { Notice } from '../../ui/parts';
import { useTitle } from '../../ui/title';
import { Brand } from './Brand';

export default function SignIn({ ended }: { ended: boolean }) {
	const desk = useDesk();
	const [email, setEmail] = useState('');
	const [password, setPassword] = useState('');
	const [problem, setProblem] = useState<string>();
	const [busy, setBusy] = useState(false);
	useTitle(t('signin.title'));

	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (busy) return;
		setBusy(true);
		setProblem(undefined);
		try {
			await desk.api.login({ email: email.trim(), password });
			await desk.enter();
		} catch (thrown) {
			setProblem(problemOf(thrown).message);
			setBusy(false);
		}
	};

	return (
		<main className="door">
			<Brand />
			<div className="door-form">
				<h1>{t('signin.title')}</h1>
				<p>{t('signin.words')}</p>
				{ended && !problem && <Notice tone="info">{t('signin.ended')}</Notice>}
				{problem && <Notice tone="bad">{problem}</Notice>}
				<form onSubmit={submit} noValidate>
					<Field
						label={t('field.email')}
						type="email"
						autoComplete="username"
						value={email}
						onChange={setEmail}
						autoFocus
						isRequired
					/>
					<PasswordField
						label={t('field.password')}
						autoComplete="current-password"
						value={password}
						onChange={setPassword}
						isRequired
					/>
					<Button type="submit" kind="primary" wide busy={busy} isDisabled={email.trim() === '' || password === ''}>
						{t('signin.title')}
					</Button>
				</form>
			</div>
			<p className="door-foot">{location.host}</p>
		</main>
	);
}
