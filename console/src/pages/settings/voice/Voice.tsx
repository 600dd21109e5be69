import { useCallback, useEffect, useState } from 'react';
import { Link } from 'wouter';
import { type Problem, problemOf } from '../../../api';
import { useDesk, useLate } from '../../../context';
import type { Inbox, PromptBook, StyleState } from '../../../protocol';
import { t } from '../../../text';
import { Button, ButtonLink } from '../../../ui/Button';
import { Bone, Empty, Failure } from '../../../ui/parts';
import type { AreaProps } from '../areas';
import { Head } from '../Head';
import { History } from './History';
import { PromptPage } from './PromptPage';
import { PromptTable } from './PromptTable';
import { StylePage } from './StylePage';

export const base = '/settings/voice';

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

/** The three parts of the area. */
export function Parts({ here }: { here: 'style' | 'prompts' | 'history' }) {
	return (
		<nav className="tabs" aria-label={t('voice.parts')}>
			{(['style', 'prompts', 'history'] as const).map((part) => (
				<Link
					key={part}
					to={part === 'style' ? base : `${base}/${part}`}
					aria-current={part === here ? 'page' : undefined}
				>
					{t(`voice.part.${part}`)}
				</Link>
			))}
		</nav>
	);
}

/** Loads something once, and again on demand. */
export function useLoaded<T>(load: () => Promise<T>): {
	value: T | null;
	set: (value: T) => void;
	problem: Problem | null;
	late: boolean;
	reload: () => void;
} {
	const [value, set] = useState<T | null>(null);
	const [problem, setProblem] = useState<Problem | null>(null);
	const late = useLate(value === null && !problem);
	const reload = useCallback(() => {
		setProblem(null);
		load().then(set, (thrown) => setProblem(problemOf(thrown)));
	}, [load]);
	useEffect(reload, [reload]);
	return { value, set, problem, late, reload };
}

export function LoadFailure({ problem, retry }: { problem: Problem; retry: () => void }) {
	return (
		<Failure title={t('settings.failed')} retry={<Button onPress={retry}>{t('retry')}</Button>}>
			{problem.message}
		</Failure>
	);
}

export function Bones() {
	return (
		<div className="form-bones" role="status" aria-label={t('app.loading')}>
			{['28%', '64%', '40%', '72%', '36%', '60%'].map((width) => (
				<Bone key={width} width={width} height={12} />
			))}
		</div>
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
