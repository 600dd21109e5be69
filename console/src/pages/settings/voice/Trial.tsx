import { useState } from 'react';
import { problemOf } from '../../../api';
import { useDesk } from '../../../context';
import { count, decimal } from '../../../format';
import type { Inbox, PromptRun, PromptTrial, PromptTrials } from '../../../protocol';
import { type Key, t, tn } from '../../../text';
import { Button } from '../../../ui/Button';
import { Field } from '../../../ui/Field';
import { Bone, Notice, Tag } from '../../../ui/parts';
import { PlainText, WordDiff } from '../../../ui/WordDiff';

interface TrialProps {
	inbox: Inbox;
	name: string;
	/** The instructions to try, saved or not. */
	text: string;
	/** '' if there is none. */
	model: string;
}

/** A test run: what is live beside what was written, on real questions. */
export function Trial({ inbox, name, text, model }: TrialProps) {
	const { api } = useDesk();
	const [questions, setQuestions] = useState('');
	const [busy, setBusy] = useState(false);
	const [problem, setProblem] = useState<string>();
	const [result, setResult] = useState<PromptTrials | null>(null);
	const asks = name === 'compose';
	const run = async () => {
		setBusy(true);
		setProblem(undefined);
		try {
			const list = questions.split('\n').map((line) => line.trim());
			setResult(await api.tryPrompt(inbox.id, name, { text, questions: list.filter(Boolean) }));
		} catch (thrown) {
			setProblem(problemOf(thrown).message);
		} finally {
			setBusy(false);
		}
	};
	return (
		<section className="trial" aria-labelledby="trial-title">
			<div className="trial-head">
				<h2 id="trial-title">{t('trial.title')}</h2>
				<Button busy={busy} isDisabled={text.trim() === ''} onPress={run}>
					{t('trial.run')}
				</Button>
			</div>
			<p className="trial-words">{t(model === '' ? 'trial.wordsNoModel' : 'trial.words')}</p>
			{asks ? (
				<Field
					label={t('trial.questions')}
					hint={t('trial.questionsHint')}
					lines
					value={questions}
					onChange={setQuestions}
				/>
			) : (
				<p className="hint">{t('trial.madeUp')}</p>
			)}
			{problem && <Notice tone="bad">{problem}</Notice>}
			<div className="trial-out" aria-live="polite" aria-busy={busy}>
				{busy && <Waiting />}
				{!busy && result && <Results result={result} asks={asks} />}
			</div>
		</section>
	);
}

function Waiting() {
	return (
		<div className="trial-runs" role="status" aria-label={t('trial.running')}>
			{['old', 'new'].map((side) => (
				<div key={side} className="trial-run">
					<Bone width="70%" />
					<Bone width="92%" />
					<Bone width="48%" />
				</div>
			))}
		</div>
	);
}

function Results({ result, asks }: { result: PromptTrials; asks: boolean }) {
	const trials = result.trials ?? [];
	if (trials.length === 0) return <Notice tone="info">{t('trial.noQuestions')}</Notice>;
	return (
		<ol className="trials">
			{trials.map((trial, i) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a result never changes its order.
				<li key={i} className="one-trial">
					{asks && <h3>{trial.question}</h3>}
					<OneTrial trial={trial} worded={result.model !== ''} />
				</li>
			))}
		</ol>
	);
}

function OneTrial({ trial, worded }: { trial: PromptTrial; worded: boolean }) {
	if (trial.old.sent === '' && trial.new.sent === '' && trial.old.fault === '') {
		return (
			<p className="trial-same">
				<Tag>{t(`action.${trial.action}` as Key)}</Tag>
				{t('trial.notWorded')}
			</p>
		);
	}
	if (!worded) {
		return trial.old.sent === trial.new.sent ? (
			<p className="trial-same">{t('trial.sameSent')}</p>
		) : (
			<WordDiff before={trial.old.sent} after={trial.new.sent} label={t('trial.sentDiff')} />
		);
	}
	return (
		<div className="trial-runs">
			<Run title={t('trial.old')} run={trial.old} />
			<Run title={t('trial.new')} run={trial.new} before={trial.old.text} />
		</div>
	);
}

function Run({ title, run, before }: { title: string; run: PromptRun; before?: string }) {
	return (
		<section className="trial-run" aria-label={title}>
			<h4>{title}</h4>
			{before !== undefined && before !== run.text ? (
				<WordDiff before={before} after={run.text} label={title} />
			) : (
				<p className="trial-text">{run.text}</p>
			)}
			{run.fault !== '' && <p className="trial-fault">{t('trial.fault', { why: whyOf(run.fault) })}</p>}
			<p className="trial-facts num">
				{tn('trial.tokens', run.tokens, { n: count(run.tokens) })}
				{run.ms >= 100 && `, ${t('trial.took', { seconds: decimal(run.ms / 1000) })}`}
				{run.dropped > 0 && `, ${tn('trial.dropped', run.dropped)}`}
			</p>
			<details>
				<summary>{t('prompts.pane.sent')}</summary>
				<PlainText label={t('prompts.pane.sent')}>{run.sent}</PlainText>
			</details>
		</section>
	);
}

// Of the reasons those that say something about instructions or settings; the others are the connection's.
const known = [
	'unanswered',
	'unchecked',
	'canary',
	'late',
	'spent',
	'too_long',
	'length',
	'filtered',
	'refused',
	'unknown',
];

function whyOf(fault: string): string {
	return t(`trial.why.${known.includes(fault) ? fault : 'failed'}` as Key, { fault: fault.replaceAll('_', ' ') });
}
