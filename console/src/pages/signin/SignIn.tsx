import { type FormEvent, useEffect, useState } from 'react';
import { problemOf } from '../../api';
import { useDesk } from '../../context';
import type { SignInOptions } from '../../protocol';
import { type Key, t } from '../../text';
import { en } from '../../text/en';
import { Button } from '../../ui/Button';
import { Field, PasswordField } from '../../ui/Field';
import { Notice } from '../../ui/parts';
import { useTitle } from '../../ui/title';
import { Brand } from './Brand';

/** Why the identity provider's way back led here: a word of the address, of a closed list. */
function faultOf(search: string): string | undefined {
	const fault = new URLSearchParams(search).get('fault');
	if (!fault) return undefined;
	const key = `signin.fault.${fault}`;
	return t(key in en ? (key as Key) : 'signin.fault.provider');
}

/** Leads through the identity provider, and back to where one wanted to go. */
function throughProvider() {
	const back = location.pathname.startsWith('/console/signin') ? '/console/' : location.pathname + location.search;
	location.assign(`/api/v1/sso/begin?${new URLSearchParams({ back })}`);
}

export default function SignIn({ ended }: { ended: boolean }) {
	const desk = useDesk();
	const [options, setOptions] = useState<SignInOptions | null>(null);
	const [email, setEmail] = useState('');
	const [password, setPassword] = useState('');
	const [problem, setProblem] = useState<string | undefined>(() => faultOf(location.search));
	const [busy, setBusy] = useState(false);
	const [asOwner, setAsOwner] = useState(false);
	useTitle(t('signin.title'));
	useEffect(() => {
		// Without an answer the form is there: owners can always use it.
		desk.api.signInOptions().then(setOptions, () => setOptions({ provider: '', passwords: 'everybody' }));
	}, [desk]);

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

	const provider = options?.provider ?? '';
	const form = options !== null && (provider === '' || options.passwords === 'everybody' || asOwner);
	return (
		<main className="door">
			<Brand />
			<div className="door-form">
				<h1>{t('signin.title')}</h1>
				<p>{t('signin.words')}</p>
				{ended && !problem && <Notice tone="info">{t('signin.ended')}</Notice>}
				{problem && <Notice tone="bad">{problem}</Notice>}
				{provider !== '' && (
					<Button kind={form ? 'default' : 'primary'} icon="lock" wide onPress={throughProvider}>
						{provider}
					</Button>
				)}
				{provider !== '' && form && <p className="door-or">{t('signin.or')}</p>}
				{form && (
					<form onSubmit={submit} noValidate>
						<Field
							label={t('field.email')}
							type="email"
							autoComplete="username"
							value={email}
							onChange={setEmail}
							autoFocus={provider === '' || asOwner}
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
				)}
				{options !== null && !form && (
					<div className="door-actions">
						<Button kind="quiet" onPress={() => setAsOwner(true)}>
							{t('signin.owner')}
						</Button>
					</div>
				)}
			</div>
			<p className="door-foot">{location.host}</p>
		</main>
	);
}
