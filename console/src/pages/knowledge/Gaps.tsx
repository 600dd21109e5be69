import { useCallback, useEffect, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { problemOf } from '../../api';
import { useDesk, useMe, useNow } from '../../context';
import { when } from '../../format';
import type { Gap, GapState } from '../../protocol';
import { can } from '../../state/inbox';
import { type Key, t } from '../../text';
import { Button, ButtonLink, IconButton } from '../../ui/Button';
import { Bone, Empty, Failure, Notice } from '../../ui/parts';
import { Segmented } from '../../ui/Segmented';
import { useTitle } from '../../ui/title';
import { Unhelped } from './Unhelped';

/** The questions that no article answered, as agents recorded them: to be written, or not. */
export default function Gaps() {
	const { api } = useDesk();
	const { user } = useMe();
	const [, navigate] = useLocation();
	const [view, setView] = useState<GapState | 'unhelped'>('open');
	const state = view === 'unhelped' ? 'open' : view;
	const [gaps, setGaps] = useState<Gap[] | null>(null);
	const [cursor, setCursor] = useState('');
	const [problem, setProblem] = useState('');
	const now = useNow(60_000);
	useTitle(t('gaps.title'));
	const load = useCallback(
		async (from = '') => {
			setProblem('');
			try {
				const page = await api.gaps(state, from);
				setGaps((before) => [...(from && before ? before : []), ...(page.data ?? [])]);
				setCursor(page.next_cursor ?? '');
			} catch (thrown) {
				setProblem(problemOf(thrown).message);
			}
		},
		[api, state],
	);
	useEffect(() => {
		setGaps(null);
		void load();
	}, [load]);
	const act = async (what: () => Promise<unknown>) => {
		try {
			await what();
			await load();
		} catch (thrown) {
			setProblem(problemOf(thrown).message);
		}
	};
	/** A draft whose title is the question; the gap keeps the way to it. */
	const write = (gap: Gap) =>
		act(async () => {
			const made = await api.createArticle({
				title: gap.question,
				body: '',
				status: 'draft',
				visibility: 'public',
				locale: gap.locale ?? '',
				questions: [gap.question],
			});
			await api.setGap(gap.id, { state: gap.state, article: made.id });
			navigate(`/knowledge/${made.id}`);
		});
	const move = (gap: Gap, to: GapState) => act(() => api.setGap(gap.id, { state: to }));
	const canEdit = can(user.role, 'editor');
	return (
		<main className="page" data-pane>
			<header className="page-head">
				<IconButton icon="back" label={t('nav.knowledge')} onPress={() => navigate('/knowledge')} />
				<h1>{t('gaps.title')}</h1>
				<div className="page-acts">
					<Segmented<GapState | 'unhelped'>
						label={t('gaps.states')}
						value={view}
						options={(['open', 'done', 'dismissed', 'unhelped'] as const).map((value) => ({
							value,
							label: t(`gaps.${value}`),
						}))}
						onChange={setView}
					/>
				</div>
			</header>
			{view === 'unhelped' && (
				<div className="page-body gaps">
					<p className="quiet">{t('unhelped.words')}</p>
					<Unhelped />
				</div>
			)}
			{view !== 'unhelped' && (
				<div className="page-body gaps">
					<p className="quiet">{t('gaps.words')}</p>
					{problem && gaps && <Notice tone="bad">{problem}</Notice>}
					{!gaps && problem && (
						<Failure title={t('gaps.failed')} retry={<Button onPress={() => load()}>{t('retry')}</Button>}>
							{problem}
						</Failure>
					)}
					{!gaps && !problem && <Bone width="60%" />}
					{gaps?.length === 0 && (
						<Empty icon="done" title={t(`gaps.empty.${state}` as Key)}>
							{t('gaps.emptyWords')}
						</Empty>
					)}
					{gaps && gaps.length > 0 && (
						<ul className="gap-list">
							{gaps.map((gap) => (
								<li key={gap.id}>
									<div className="gap-words">
										<p dir="auto">{gap.question}</p>
										<p className="quiet">
											<time dateTime={gap.created_at}>{when(gap.created_at, now)}</time>
											<Link to={`/inbox/all/${gap.conversation}`}>{t('gaps.conversation')}</Link>
										</p>
									</div>
									<div className="gap-acts">
										{gap.article ? (
											<ButtonLink to={`/knowledge/${gap.article}`} icon="book">
												{t('gaps.article')}
											</ButtonLink>
										) : (
											canEdit &&
											state === 'open' && (
												<Button icon="plus" onPress={() => write(gap)}>
													{t('gaps.write')}
												</Button>
											)
										)}
										{canEdit && state === 'open' && (
											<>
												<Button kind="quiet" onPress={() => move(gap, 'done')}>
													{t('gaps.markDone')}
												</Button>
												<Button kind="quiet" onPress={() => move(gap, 'dismissed')}>
													{t('gaps.dismiss')}
												</Button>
											</>
										)}
										{canEdit && state !== 'open' && (
											<Button kind="quiet" onPress={() => move(gap, 'open')}>
												{t('gaps.reopen')}
											</Button>
										)}
									</div>
								</li>
							))}
						</ul>
					)}
					{cursor && (
						<div className="lst-more">
							<Button onPress={() => load(cursor)}>{t('gaps.more')}</Button>
						</div>
					)}
				</div>
			)}
		</main>
	);
}
