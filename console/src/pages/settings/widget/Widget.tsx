import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { problemOf } from '../../../api';
import { useDesk } from '../../../context';
import { clock } from '../../../format';
import type { Inbox, InboxSettings } from '../../../protocol';
import { recall, remember } from '../../../state/memory';
import { t } from '../../../text';
import { Button } from '../../../ui/Button';
import { Notice } from '../../../ui/parts';
import { useSaveKey } from '../../../ui/save';
import type { AreaProps } from '../area';
import { Head } from '../Head';
import { Bones, LoadFailure, useLoaded } from '../loading';
import { Appearance } from './Appearance';
import { formOf, isChanged, requestOf, type SectionProps, type WidgetForm } from './form';
import { Greeting } from './Greeting';
import { Preview } from './Preview';
import { Privacy } from './Privacy';
import { Files, Proactive } from './Proactive';
import { Sites } from './Sites';
import { Survey } from './Survey';

/** The parts of the page in their order. Another one is one line here and a file of its own. */
const sections: { key: string; Section: (props: SectionProps) => ReactNode }[] = [
	{ key: 'appearance', Section: Appearance },
	{ key: 'greeting', Section: Greeting },
	{ key: 'survey', Section: Survey },
	{ key: 'privacy', Section: Privacy },
	{ key: 'proactive', Section: Proactive },
	{ key: 'files', Section: Files },
	{ key: 'sites', Section: Sites },
];

/** How an inbox's widget looks and what it does. Everything is saved together, over the revision that was seen. */
export default function Widget({ inbox }: AreaProps) {
	const { api } = useDesk();
	// What was loaded at the sign-in may be old.
	const load = useCallback(
		() =>
			api.me().then(({ inboxes }) => {
				const found = inboxes?.find((each) => each.id === inbox.id);
				if (!found) throw new Error(t('app.notFound'));
				return found;
			}),
		[api, inbox.id],
	);
	const { value, set, problem, late, reload } = useLoaded<Inbox>(load);
	if (value) return <Page inbox={value} onSaved={set} onReload={reload} />;
	return (
		<main className="page" data-pane>
			<Head title={t('widget.title')} />
			<div className="page-body">
				{problem && <LoadFailure problem={problem} retry={reload} />}
				{late && <Bones />}
			</div>
		</main>
	);
}

interface PageProps {
	inbox: Inbox;
	onSaved: (inbox: Inbox) => void;
	onReload: () => void;
}

function Page({ inbox, onSaved, onReload }: PageProps) {
	const desk = useDesk();
	const keep = `widget.${inbox.id}`;
	const [form, setForm] = useState<WidgetForm>(() => recall<WidgetForm | null>(keep, null) ?? formOf(inbox));
	const [saving, setSaving] = useState(false);
	const [savedAt, setSavedAt] = useState(0);
	const [problem, setProblem] = useState<{ words: string; stale: boolean } | null>(null);
	const changed = isChanged(form, inbox);

	const first = useRef(true);
	useEffect(() => {
		if (first.current) first.current = false;
		else remember(keep, changed ? form : undefined);
	}, [keep, form, changed]);
	// After a reload the newest is what one works on, unless something unsaved is kept.
	useEffect(() => {
		if (recall<WidgetForm | null>(keep, null) === null) setForm(formOf(inbox));
	}, [keep, inbox]);

	const set = useCallback(
		(change: Partial<InboxSettings>) => setForm((now) => ({ ...now, settings: { ...now.settings, ...change } })),
		[],
	);
	const save = async () => {
		if (saving || !changed) return;
		setSaving(true);
		setProblem(null);
		try {
			const saved = await desk.api.setInbox(inbox.id, requestOf(form, inbox));
			remember(keep, undefined);
			setForm(formOf(saved));
			setSavedAt(Date.now());
			onSaved(saved);
			desk.inboxChanged(saved);
		} catch (thrown) {
			const failure = problemOf(thrown);
			setProblem({ words: failure.message, stale: failure.code === 'stale' });
		} finally {
			setSaving(false);
		}
	};
	useSaveKey(save);
	const takeTheirs = () => {
		remember(keep, undefined);
		setProblem(null);
		onReload();
	};

	return (
		<main className="page" data-pane>
			<Head
				title={t('widget.title')}
				aside={
					<span className="head-aside num" role="status">
						{changed ? t('settings.unsaved') : savedAt > 0 && t('settings.savedAt', { time: clock(savedAt) })}
					</span>
				}
			>
				<Button kind="primary" busy={saving} isDisabled={!changed} onPress={save}>
					{t('settings.save')}
				</Button>
			</Head>
			{problem && (
				<div className="banner">
					<Notice
						tone="bad"
						action={
							problem.stale ? (
								<Button onPress={takeTheirs}>{t('settings.takeTheirs')}</Button>
							) : (
								<Button onPress={save}>{t('retry')}</Button>
							)
						}
					>
						{t('settings.notSaved', { reason: problem.words })}
					</Notice>
				</div>
			)}
			<div className="page-body widget-page">
				<div className="voice-form">
					{sections.map(({ key, Section }) => (
						<Section key={key} inbox={inbox} settings={form.settings} set={set} />
					))}
				</div>
				<Preview inbox={inbox} settings={form.settings} />
			</div>
		</main>
	);
}
