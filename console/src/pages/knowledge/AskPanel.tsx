import { type FormEvent, useRef, useState } from 'react';
import { TextArea } from 'react-aria-components/TextArea';
import { Link } from 'wouter';
import { isAbort, problemOf } from '../../api';
import { useDesk } from '../../context';
import { probability, quote } from '../../format';
import type { AskReply } from '../../protocol';
import { type Key, t } from '../../text';
import { Blocks } from '../../ui/Blocks';
import { Button, IconButton } from '../../ui/Button';
import { Face, Notice, Tag, type Tone } from '../../ui/parts';
import { reasonWords } from '../inbox/ReasonTag';

const tones: Record<string, Tone> = {
	answer: 'ok',
	clarify: 'info',
	handoff: 'warn',
	refuse: 'bad',
	smalltalk: 'plain',
};

/** One question to the bot, outside of any conversation: what it would do, how sure it is, and on what it rests. */
export function AskPanel({ onClose }: { onClose: () => void }) {
	const desk = useDesk();
	const [text, setText] = useState('');
	const [asked, setAsked] = useState('');
	const [reply, setReply] = useState<AskReply | null>(null);
	const [problem, setProblem] = useState<string>();
	const [busy, setBusy] = useState(false);
	const abort = useRef<AbortController>(undefined);

	const ask = async (event?: FormEvent) => {
		event?.preventDefault();
		const question = text.trim();
		if (!question) return;
		abort.current?.abort();
		abort.current = new AbortController();
		setBusy(true);
		setProblem(undefined);
		try {
			setReply(await desk.api.ask({ text: question }, abort.current.signal));
			setAsked(question);
			setBusy(false);
		} catch (thrown) {
			if (isAbort(thrown)) return;
			setProblem(problemOf(thrown).message);
			setBusy(false);
		}
	};

	return (
		<aside className="panel ask" aria-label={t('ask.title')} data-pane>
			<header className="panel-head">
				<h2>{t('ask.title')}</h2>
				<IconButton icon="x" label={t('ask.close')} onPress={onClose} />
			</header>
			<form className="ask-form" onSubmit={ask}>
				<TextArea
					className="input ask-area"
					aria-label={t('ask.question')}
					placeholder={t('ask.placeholder')}
					rows={3}
					maxLength={8192}
					value={text}
					autoFocus
					onChange={(event) => setText(event.target.value)}
					onKeyDown={(event) => {
						if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
							event.preventDefault();
							void ask();
						}
						if (event.key === 'Escape') onClose();
					}}
				/>
				<Button type="submit" kind="primary" busy={busy} isDisabled={text.trim() === ''} hint="↵">
					{t('ask.action')}
				</Button>
			</form>
			{problem && (
				<div className="ask-out">
					<Notice tone="bad" action={<Button onPress={() => ask()}>{t('retry')}</Button>}>
						{problem}
					</Notice>
				</div>
			)}
			<div className="ask-out" aria-live="polite">
				{reply && !problem ? (
					<Reply reply={reply} asked={asked === text.trim() ? '' : asked} />
				) : (
					!problem && <p className="quiet">{t('ask.words')}</p>
				)}
			</div>
		</aside>
	);
}

function Reply({ reply, asked }: { reply: AskReply; asked: string }) {
	const citations = reply.answer?.citations ?? [];
	const titles = new Map(citations.map((c) => [c.external_id, c]));
	const ranked = reply.ranked ?? [];
	return (
		<>
			{asked && <p className="ask-asked">{quote(asked)}</p>}
			<dl className="facts">
				<div>
					<dt>{t('ask.does')}</dt>
					<dd>
						<Tag tone={tones[reply.action] ?? 'plain'}>{t(`action.${reply.action}` as Key)}</Tag>
					</dd>
				</div>
				<div>
					<dt>{t('ask.confidence')}</dt>
					<dd className="num">{probability(reply.confidence)}</dd>
				</div>
				{reply.reason && (
					<div>
						<dt>{t('ask.reason')}</dt>
						<dd>{reasonWords(reply.reason) || reply.reason}</dd>
					</div>
				)}
				<div>
					<dt>{t('ask.took')}</dt>
					<dd className="num">{t('ask.ms', { ms: Math.max(1, Math.round(reply.ms)) })}</dd>
				</div>
			</dl>
			<section className="ask-says">
				<h3>{t('ask.says')}</h3>
				<div className="en">
					<Face name="" bot />
					<div className="prose" dir="auto">
						{reply.blocks?.length ? <Blocks blocks={reply.blocks} under={3} /> : <p className="plain">{reply.text}</p>}
					</div>
				</div>
			</section>
			<section>
				<h3>{t('ask.sources')}</h3>
				{ranked.length === 0 ? (
					<p className="quiet">{t('ask.noSources')}</p>
				) : (
					<ol className="ranked">
						{ranked.map((id) => {
							const cited = titles.get(id);
							return (
								<li key={id}>
									{cited ? (
										<Link to={`/knowledge/${cited.article}`} className="cut">
											{cited.title}
										</Link>
									) : (
										<code className="cut">{id}</code>
									)}
									{(reply.cited ?? []).includes(id) && <Tag tone="accent">{t('ask.cited')}</Tag>}
									{cited && <span className="num">{probability(cited.score)}</span>}
								</li>
							);
						})}
					</ol>
				)}
			</section>
		</>
	);
}
