import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { useDesk } from '../../../context';
import type { Inbox, InboxSettings } from '../../../protocol';
import { recall, remember } from '../../../state/memory';
import { t } from '../../../text';
import type { AreaProps } from '../area';
import { Head } from '../Head';
import { Bones, LoadFailure, useLoaded } from '../loading';
import { SavingHead, useSaving } from '../Saving';
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
	const saving = useSaving(changed, async () => {
		const saved = await desk.api.setInbox(inbox.id, requestOf(form, inbox));
		remember(keep, undefined);
		setForm(formOf(saved));
		onSaved(saved);
		desk.inboxChanged(saved);
	});
	const takeTheirs = () => {
		remember(keep, undefined);
		onReload();
	};

	return (
		<main className="page" data-pane>
			<SavingHead title={t('widget.title')} saving={saving} changed={changed} onTakeTheirs={takeTheirs} />
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
