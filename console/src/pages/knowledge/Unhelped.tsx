import { useCallback, useEffect, useState } from 'react';
import { Link } from 'wouter';
import { problemOf } from '../../api';
import { useDesk, useNow } from '../../context';
import { when } from '../../format';
import type { JudgedAnswer } from '../../protocol';
import { t } from '../../text';
import { Button, ButtonLink } from '../../ui/Button';
import { Bone, Empty, Failure, Tag } from '../../ui/parts';

/** The answers that did not help, in the customers' words: what to read again in the articles. Nothing changes by itself. */
export function Unhelped() {
	const { api } = useDesk();
	const [answers, setAnswers] = useState<JudgedAnswer[] | null>(null);
	const [cursor, setCursor] = useState('');
	const [problem, setProblem] = useState('');
	const load = useCallback(
		async (from = '') => {
			setProblem('');
			try {
				const page = await api.unhelpful(from);
				setAnswers((before) => [...(from && before ? before : []), ...(page.data ?? [])]);
				setCursor(page.next_cursor ?? '');
			} catch (thrown) {
				setProblem(problemOf(thrown).message);
			}
		},
		[api],
	);
	useEffect(() => void load(), [load]);
	if (problem)
		return (
			<Failure title={t('unhelped.failed')} retry={<Button onPress={() => load()}>{t('retry')}</Button>}>
				{problem}
			</Failure>
		);
	if (!answers) return <Bone width="60%" />;
	if (answers.length === 0)
		return (
			<Empty icon="done" title={t('unhelped.empty')}>
				{t('unhelped.emptyWords')}
			</Empty>
		);
	return (
		<>
			<ul className="gap-list">
				{answers.map((answer) => (
					<Answer key={`${answer.conversation} ${answer.seq}`} answer={answer} />
				))}
			</ul>
			{cursor && (
				<div className="lst-more">
					<Button onPress={() => load(cursor)}>{t('gaps.more')}</Button>
				</div>
			)}
		</>
	);
}

function Answer({ answer: a }: { answer: JudgedAnswer }) {
	const now = useNow(60_000);
	return (
		<li>
			<div className="gap-words">
				<p dir="auto">{a.question}</p>
				<p className="quiet cut" dir="auto">
					{a.answer}
				</p>
				<p className="quiet">
					<Tag tone="bad">{t(`reason.${a.reason || 'unsaid'}`)}</Tag>
					{a.comment && <span dir="auto">{t('word.comment', { comment: a.comment })}</span>}
				</p>
				<p className="quiet">
					<time dateTime={a.at}>{when(a.at, now)}</time>
					<Link to={`/inbox/all/${a.conversation}`}>{t('gaps.conversation')}</Link>
					{a.article && a.number && a.newest && a.newest > a.number ? (
						<span>{t('unhelped.since', { n: a.number, now: a.newest })}</span>
					) : null}
				</p>
			</div>
			{a.article && (
				<div className="gap-acts">
					<ButtonLink to={`/knowledge/${a.article}`} icon="book">
						{a.title || t('gaps.article')}
					</ButtonLink>
				</div>
			)}
		</li>
	);
}
