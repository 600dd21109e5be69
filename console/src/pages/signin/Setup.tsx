import { type FormEvent, useState } from 'react';
import { problemOf } from '../../api';
import { useDesk } from '../../context';
import { t } from '../../text';
import { Button } from '../../ui/Button';
import { Field, PasswordField } from '../../ui/Field';
import { Notice } from '../../ui/parts';
import { useTitle } from '../../ui/title';
import { Brand } from './Brand';
import { emailFault, passwordFault } from './faults';

/** The setup token of an address such as /console/#token=abc. */
export function tokenOf(hash: string): string {
	return new URLSearchParams(hash.replace(/^#/, '')).get('token') ?? '';
}

/** The first user. A fresh installation shows this until it has one. */
export default function Setup() {
	const desk = useDesk();
	const [form, setForm] = useState(() => ({ token: tokenOf(location.hash), name: '', email: '', password: '' }));
	const [left, setLeft] = useState<Record<string, boolean>>({});
	const [problem, setProblem] = useState<string>();
	const [busy, setBusy] = useState(false);
	useTitle(t('setup.title'));

	const set = (key: keyof typeof form) => (value: string) => {
		setForm({ ...form, [key]: value });
		setLeft({ ...left, [key]: false });
	};
	const leave = (key: keyof typeof form) => () => setLeft({ ...left, [key]: form[key] !== '' });
	const faults = { email: emailFault(form.email), password: passwordFault(form.password) };
	const complete = form.token.trim() !== '' && form.name.trim() !== '' && !faults.email && !faults.password;

	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (busy || !complete) return;
		setBusy(true);
		setProblem(undefined);
		try {
			await desk.api.setup({ ...form, token: form.token.trim(), name: form.name.trim(), email: form.email.trim() });
			history.replaceState(null, '', location.pathname);
			await desk.enter();
		} catch (thrown) {
			setProblem(problemOf(thrown).message);
			setBusy(false);
		}
	};

	return (
		<main className="door">
			<Brand />
			<div className="door-form wide">
				<h1>{t('setup.title')}</h1>
				<p>{t('setup.words')}</p>
				{problem && <Notice tone="bad">{problem}</Notice>}
				<form onSubmit={submit} noValidate>
					<Field
						label={t('setup.token')}
						hint={t('setup.tokenHint')}
						mono
						autoComplete="off"
						value={form.token}
						onChange={set('token')}
						autoFocus={form.token === ''}
						isRequired
					/>
					<div className="door-two">
						<Field
							label={t('setup.name')}
							hint={t('setup.nameHint')}
							autoComplete="name"
							maxLength={80}
							value={form.name}
							onChange={set('name')}
							autoFocus={form.token !== ''}
							isRequired
						/>
						<Field
							label={t('field.email')}
							type="email"
							autoComplete="username"
							value={form.email}
							onChange={set('email')}
							onBlur={leave('email')}
							error={left.email ? faults.email : undefined}
							isRequired
						/>
					</div>
					<PasswordField
						label={t('field.password')}
						hint={t('setup.passwordHint')}
						autoComplete="new-password"
						value={form.password}
						onChange={set('password')}
						onBlur={leave('password')}
						error={left.password ? faults.password : undefined}
						isRequired
					/>
					<div className="door-actions">
						<Button type="submit" kind="primary" busy={busy} isDisabled={!complete}>
							{t('setup.action')}
						</Button>
					</div>
				</form>
			</div>
			<p className="door-foot">{location.host}</p>
		</main>
	);
}
