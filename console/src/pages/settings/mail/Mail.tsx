import { useCallback, useEffect, useState } from 'react';
import { problemOf } from '../../../api';
import { useDesk, useMe, useNow } from '../../../context';
import { when } from '../../../format';
import type { MailSettings, Mail as MailState, MailView } from '../../../protocol';
import { type Key, t } from '../../../text';
import { Button } from '../../../ui/Button';
import { Field } from '../../../ui/Field';
import { Group } from '../../../ui/Group';
import { Bone, Failure, Notice, Tag } from '../../../ui/parts';
import { Head } from '../Head';
import { SavingHead, useSaving } from '../Saving';

/** How e-mail stands: the server, whom letters come from, a test, and what became of the last ones. */
export default function Mail() {
	const { api } = useDesk();
	const [view, setView] = useState<MailView | null>(null);
	const [problem, setProblem] = useState('');
	const load = useCallback(() => {
		setProblem('');
		api.mail().then(setView, (thrown) => setProblem(problemOf(thrown).message));
	}, [api]);
	useEffect(load, [load]);
	if (problem && !view)
		return (
			<main className="page" data-pane>
				<Head title={t('settings.mail')} />
				<Failure title={t('settings.failed')} retry={<Button onPress={load}>{t('retry')}</Button>}>
					{problem}
				</Failure>
			</main>
		);
	if (!view)
		return (
			<main className="page" data-pane aria-busy="true">
				<Head title={t('settings.mail')} />
				<div className="page-body mail">
					<Bone width="40%" />
					<Bone width="60%" />
				</div>
			</main>
		);
	return <Page view={view} onChange={setView} reload={load} />;
}

interface PageProps {
	view: MailView;
	onChange: (view: MailView) => void;
	reload: () => void;
}

function Page({ view, onChange, reload }: PageProps) {
	const { api } = useDesk();
	const [form, setForm] = useState<MailSettings>(view.settings);
	const changed = (['from', 'name', 'reply_to'] as const).some((field) => form[field] !== view.settings[field]);
	const set = (field: keyof MailSettings) => (value: string) => setForm((now) => ({ ...now, [field]: value }));
	const saving = useSaving(changed, async () => {
		const saved = await api.saveMail(form);
		setForm(saved.settings);
		onChange(saved);
	});
	const sender = form.from || view.sender;
	return (
		<main className="page" data-pane>
			<SavingHead title={t('settings.mail')} saving={saving} changed={changed} />
			<div className="page-body mail">
				<Group title={t('mail.server')} words={t('mail.serverWords')}>
					{view.server ? (
						<p>
							<code>{view.server}</code>
						</p>
					) : (
						<Notice tone="warn">{t('mail.none')}</Notice>
					)}
				</Group>
				<Group title={t('mail.sender')} words={t('mail.senderWords')}>
					<Field
						label={t('mail.from')}
						type="email"
						hint={view.sender ? t('mail.fromHint', { sender: view.sender }) : t('mail.fromMust')}
						placeholder={view.sender || 'help@example.com'}
						maxLength={254}
						value={form.from}
						onChange={set('from')}
					/>
					<Field
						label={t('mail.name')}
						hint={t('mail.nameHint')}
						maxLength={100}
						value={form.name}
						onChange={set('name')}
					/>
					<Field
						label={t('mail.replyTo')}
						type="email"
						hint={t('mail.replyToHint')}
						maxLength={254}
						value={form.reply_to}
						onChange={set('reply_to')}
					/>
				</Group>
				{view.server && <Test able={!changed && sender !== ''} onDone={reload} />}
				<Group title={t('mail.recent')} words={t('mail.recentWords')}>
					<Recent letters={view.recent ?? []} />
				</Group>
			</div>
		</main>
	);
}

/** Sends a letter at once, and says what the server said. */
function Test({ able, onDone }: { able: boolean; onDone: () => void }) {
	const { api } = useDesk();
	const { user } = useMe();
	const [to, setTo] = useState(user.email);
	const [busy, setBusy] = useState(false);
	const [said, setSaid] = useState<{ ok: boolean; words: string } | null>(null);
	const send = async () => {
		setBusy(true);
		setSaid(null);
		try {
			const { tls, ms } = await api.testMail(to);
			setSaid({ ok: true, words: t(tls === 'none' ? 'mail.tookPlain' : 'mail.took', { to, tls, ms }) });
			onDone();
		} catch (thrown) {
			setSaid({ ok: false, words: problemOf(thrown).message });
		} finally {
			setBusy(false);
		}
	};
	return (
		<Group title={t('mail.test')} words={t('mail.testWords')}>
			<Field label={t('mail.to')} type="email" maxLength={254} value={to} onChange={setTo} />
			<div>
				<Button busy={busy} isDisabled={!able || to === ''} onPress={send}>
					{t('mail.send')}
				</Button>
			</div>
			{said && <Notice tone={said.ok ? 'ok' : 'bad'}>{said.words}</Notice>}
		</Group>
	);
}

const tones = { queued: 'plain', sent: 'ok', failed: 'bad' } as const;
const kinds: Record<string, Key> = { code: 'mail.kind.code' };

function Recent({ letters }: { letters: MailState[] }) {
	const now = useNow();
	if (letters.length === 0) return <p className="quiet">{t('mail.noRecent')}</p>;
	return (
		<ul className="letters">
			{letters.map((m) => (
				<li key={m.id}>
					<Tag tone={tones[m.state]}>{t(`mail.state.${m.state}`)}</Tag>
					<span className="cut">{m.to || t('panel.unknown')}</span>
					<span className="quiet">{kinds[m.kind] ? t(kinds[m.kind] as Key) : m.kind}</span>
					<time className="quiet num" dateTime={m.updated_at}>
						{when(m.updated_at, now)}
					</time>
					{m.error && <small className="why">{m.error}</small>}
				</li>
			))}
		</ul>
	);
}
