import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { problemOf } from '../../api';
import { useDesk, useNow } from '../../context';
import { customerName, when } from '../../format';
import { useStore } from '../../state/store';
import { t, tn } from '../../text';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { Count, Empty } from '../../ui/parts';

/** The way to the notes that mention this agent, with how many of them are new; nothing while there never were any. */
export function MentionsLink({ here }: { here: boolean }) {
	const { rows, unseen } = useStore(useDesk().talk.mentions);
	if (!here && !rows?.length) return null;
	return (
		<Link
			to={here ? '/inbox/queue' : '/inbox/mentions'}
			className={`iconbtn mentions-link${here ? ' on' : ''}`}
			aria-current={here ? 'page' : undefined}
			aria-label={unseen > 0 ? `${t('mentions.title')}, ${tn('mentions.unseen', unseen)}` : t('mentions.title')}
			title={t('mentions.title')}
		>
			<Icon name="at" />
			{unseen > 0 && <Count n={unseen} />}
		</Link>
	);
}

/** The list of them, newest first, in the place of the list of conversations. */
export function MentionList({ open, isMain }: { open?: string; isMain: boolean }) {
	const { talk } = useDesk();
	const { rows } = useStore(talk.mentions);
	const [problem, setProblem] = useState('');
	const now = useNow();
	const load = () => {
		setProblem('');
		talk.loadMentions().catch((thrown) => setProblem(problemOf(thrown).message));
	};
	// biome-ignore lint/correctness/useExhaustiveDependencies: the newest, each time the list is opened.
	useEffect(load, []);
	const Pane = isMain ? 'main' : 'section';
	return (
		<Pane className="lst" aria-label={t('mentions.title')} data-pane>
			<header className="lst-top">
				<h1>{t('mentions.title')}</h1>
				<MentionsLink here />
			</header>
			<p className="lst-sub">
				<span>{t('mentions.words')}</span>
			</p>
			<div className="lst-rows">
				{rows === null && problem && (
					<div role="alert" className="fill">
						<Empty icon="alert" title={t('mentions.failed')} action={<Button onPress={load}>{t('retry')}</Button>}>
							{problem}
						</Empty>
					</div>
				)}
				{rows?.length === 0 && (
					<Empty icon="at" title={t('mentions.empty')}>
						{t('mentions.emptyWords')}
					</Empty>
				)}
				<ol aria-label={t('mentions.title')}>
					{rows?.map((row) => (
						<li key={`${row.conversation}-${row.seq}`}>
							<Link
								to={`/inbox/mentions/${row.conversation}`}
								className={`cv${row.seen_at ? '' : ' new'}${row.conversation === open ? ' on' : ''}`}
								aria-current={row.conversation === open ? 'true' : undefined}
							>
								<span className="cv-dot">{!row.seen_at && <span className="sr">{t('mentions.new')}</span>}</span>
								<span className="cv-name">
									<span className="cut">{row.from.name}</span>
								</span>
								<time className="cv-time" dateTime={row.at}>
									{when(row.at, now)}
								</time>
								<span className="cv-words cut">{row.text}</span>
								<span className="cv-tags cut">{customerName(row.customer_name)}</span>
							</Link>
						</li>
					))}
				</ol>
			</div>
		</Pane>
	);
}
