import { Link } from 'wouter';
import { count, percent } from '../../format';
import type { Help as Figures } from '../../protocol';
import { type Key, t, tn } from '../../text';
import { Card } from './Card';
import { Shares } from './Shares';
import { few, range } from './words';

/** What customers said of single answers, and of which articles these were; nothing while nobody said anything. */
export function Help({ help: { helpful, reasons, articles } }: { help: Figures }) {
	if (helpful.of === 0) return null;
	const bad = (articles ?? []).filter((a) => a.helpful.n < a.helpful.of);
	return (
		<>
			<Card
				size="third"
				title={t('insight.help.title', { share: percent(helpful.n / helpful.of) })}
				words={[
					tn('insight.help.words', helpful.of, { n: count(helpful.of) }),
					few(helpful) ? t('insight.help.sure', range(helpful)) : '',
				].join(' ')}
			>
				{(reasons ?? []).length > 0 && (
					<Shares
						label={t('insight.help.why')}
						rows={(reasons ?? []).map(({ name, n }) => ({
							key: name || 'unsaid',
							name: t(`reason.${name || 'unsaid'}` as Key),
							n,
							tone: 'rest',
						}))}
					/>
				)}
			</Card>
			{bad.length > 0 && (
				<Card size="third" title={t('insight.help.articles')}>
					<ul className="help-articles">
						{bad.slice(0, 8).map(({ article, title, helpful: { n, of } }) => (
							<li key={article}>
								<Link to={`/knowledge/${article}`}>{title || article}</Link>
								<span className="num">{t('insight.help.of', { n: count(n), of: count(of) })}</span>
							</li>
						))}
					</ul>
				</Card>
			)}
		</>
	);
}
