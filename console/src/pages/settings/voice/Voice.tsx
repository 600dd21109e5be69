import { useCallback } from 'react';
import { useDesk } from '../../../context';
import type { Inbox, PromptBook, StyleState } from '../../../protocol';
import { t } from '../../../text';
import { ButtonLink } from '../../../ui/Button';
import { Empty } from '../../../ui/parts';
import type { AreaProps } from '../area';
import { Head } from '../Head';
import { Bones, LoadFailure, useLoaded } from '../loading';
import { History } from './History';
import { PromptPage } from './PromptPage';
import { PromptTable } from './PromptTable';
import { base, Parts } from './parts';
import { StylePage } from './StylePage';

/** How the bot of an inbox speaks: its style, its prompts, and who changed them. */
export default function Voice({ inbox, rest }: AreaProps) {
	const [part = '', name = ''] = rest.split('/');
	if (part === '') return <StyleArea inbox={inbox} />;
	if (part === 'prompts') return <Prompts inbox={inbox} name={name} />;
	if (part === 'history') return <History inbox={inbox} />;
	return (
		<main className="page">
			<Empty
				level={1}
				icon="search"
				title={t('app.notFound')}
				action={<ButtonLink to={base}>{t('settings.voice')}</ButtonLink>}
			>
				{t('app.notFoundWords')}
			</Empty>
		</main>
	);
}

function StyleArea({ inbox }: { inbox: Inbox }) {
	const { api } = useDesk();
	const load = useCallback(() => api.style(inbox.id), [api, inbox.id]);
	const { value, set, problem, late, reload } = useLoaded<StyleState>(load);
	if (value) return <StylePage inbox={inbox} state={value} onSaved={set} onReload={reload} />;
	return (
		<main className="page" data-pane>
			<Head title={t('settings.voice')}>
				<Parts here="style" />
			</Head>
			<div className="page-body">
				{problem && <LoadFailure problem={problem} retry={reload} />}
				{late && <Bones />}
			</div>
		</main>
	);
}

function Prompts({ inbox, name }: { inbox: Inbox; name: string }) {
	const { api } = useDesk();
	const load = useCallback(() => api.prompts(inbox.id), [api, inbox.id]);
	const { value, set, problem, late, reload } = useLoaded<PromptBook>(load);
	const prompt = value?.prompts?.find((each) => each.name === name);
	if (value && prompt)
		return <PromptPage key={name} inbox={inbox} prompt={prompt} book={value} onChanged={set} onReload={reload} />;
	return (
		<main className="page" data-pane>
			<Head title={t('settings.voice')}>
				<Parts here="prompts" />
			</Head>
			<div className="page-body narrow">
				{problem && <LoadFailure problem={problem} retry={reload} />}
				{late && <Bones />}
				{value && name === '' && <PromptTable book={value} />}
				{value && name !== '' && (
					<Empty
						icon="search"
						title={t('prompts.notFound')}
						action={<ButtonLink to={`${base}/prompts`}>{t('prompts.toList')}</ButtonLink>}
					/>
				)}
			</div>
		</main>
	);
}
