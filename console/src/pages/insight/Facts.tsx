import type { ReactNode } from 'react';
import { useNow } from '../../context';
import { count, decimal, took } from '../../format';
import type { Report } from '../../protocol';
import { t, tn } from '../../text';

/** Four numbers: what waits now, how soon people answer, what was closed, and what customers say of it. */
export function Facts({ report }: { report: Report }) {
	const { now, first_reply: reply, closed, reopened, ratings } = report;
	const ended = closed.reduce((sum, part) => sum + part.n, 0);
	return (
		<>
			<Fact name={t('insight.waiting')} value={count(now.waiting)} bad={now.orphans > 0}>
				<Waiting now={now} />
			</Fact>
			<Fact name={t('insight.reply')} value={reply.n > 0 ? took(reply.median) : '–'}>
				{reply.n > 0 ? t('insight.reply.words', { n: count(reply.n), p90: took(reply.p90) }) : t('insight.reply.none')}
			</Fact>
			<Fact name={t('insight.closed')} value={count(ended)}>
				{reopened > 0
					? tn('insight.reopened', reopened)
					: t(ended > 0 ? 'insight.reopened.none' : 'insight.closed.none')}
			</Fact>
			<Fact name={t('insight.satisfaction')} value={ratings.all.n > 0 ? decimal(ratings.all.mean) : '–'}>
				{ratings.all.n > 0
					? tn('insight.satisfaction.words', ratings.all.n, { n: count(ratings.all.n) })
					: t('insight.satisfaction.none')}
			</Fact>
		</>
	);
}

function Waiting({ now }: { now: Report['now'] }) {
	const at = useNow();
	const parts = [
		now.since
			? t('insight.waiting.longest', { time: took(Math.max(0, at - Date.parse(now.since)) / 1000) })
			: t('insight.waiting.nobody'),
		now.urgent > 0 && tn('insight.waiting.urgent', now.urgent),
		now.high > 0 && tn('insight.waiting.high', now.high),
	].filter(Boolean);
	return (
		<>
			{parts.join(', ')}
			<br />
			{now.orphans > 0 ? <b className="bad">{tn('insight.orphans', now.orphans)}</b> : t('insight.orphans.none')}
		</>
	);
}

function Fact({ name, value, bad, children }: { name: string; value: string; bad?: boolean; children: ReactNode }) {
	return (
		<section className={`card quarter fact${bad ? ' fact-bad' : ''}`} aria-label={name}>
			<h2>{name}</h2>
			<p className="fact-value">{value}</p>
			<p className="card-words">{children}</p>
		</section>
	);
}
