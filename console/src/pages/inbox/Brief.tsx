import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { clock, language, probability, quote, shortUrl } from '../../format';
import type { Brief, BriefArticle, BriefCall, BriefFact, Cause, Suggestion } from '../../protocol';
import { type Key, t, tn } from '../../text';
import { Button, IconButton } from '../../ui/Button';
import { Icon, type IconName } from '../../ui/Icon';
import { Kbd } from '../../ui/parts';
import { ReasonTag } from './ReasonTag';
import { Trail } from './Trail';

interface BriefCardProps {
	brief: Brief;
	/** When the conversation was handed over. */
	at: string;
	/** Why it comes ahead of others, if it does. */
	cause?: Cause;
	/** How many earlier conversations the customer had. */
	earlier: number;
	onFold: () => void;
	/** Absent when nothing can be sent. */
	onInsert?: (suggestion: Suggestion) => void;
}

/** The bot had an answer that it may not give by itself yet: what an agent decides on is that answer. */
const answered = new Set(['shadow', 'suggest']);

/**
 * What an agent reads before taking over. Its parts and their order never change, but that an answer of the bot comes
 * first where the bot had one; a part with nothing to say says so.
 */
export function BriefCard({ brief, at, cause, earlier, onFold, onInsert }: BriefCardProps) {
	const [own, setOwn] = useState(false);
	const shown = brief.polished && !own ? { ...brief, ...brief.polished } : brief;
	const hadAnswer = answered.has(brief.reason) && brief.suggested !== null;
	const reply = (
		<Suggested title={hadAnswer ? 'brief.would' : 'brief.reply'} suggestion={brief.suggested} onInsert={onInsert} />
	);
	return (
		<section className="brief" aria-label={t('brief.title')}>
			<header className="brief-head">
				<h3>{t('brief.title')}</h3>
				<ReasonTag reason={brief.reason} />
				<span className="brief-made num">
					{at && t('brief.made', { time: clock(at), ms: Math.max(1, Math.round(brief.took_ms)) })}
				</span>
				<IconButton icon="up" label={t('brief.fold')} onPress={onFold} />
			</header>
			{hadAnswer && reply}
			<div className="brief-grid">
				<div>
					<Part title="brief.goal">
						{shown.goal ? <p className="brief-goal">{shown === brief ? quote(shown.goal) : shown.goal}</p> : <None />}
						{brief.opener && <p className="brief-opener">{t('brief.opener', { words: quote(brief.opener) })}</p>}
					</Part>
					<Part title="brief.tried">
						<Items items={shown.tried} icon="check" />
					</Part>
					<Part title="brief.open">
						<Items items={shown.open} icon="minus" />
					</Part>
					{!!brief.shop?.length && (
						<Part title="brief.shop">
							<ul className="brief-list">
								{brief.shop.map((use) => (
									<li key={use.at}>
										<Icon name="table" size={14} />
										<span>{shopWords(use)}</span>
									</li>
								))}
							</ul>
						</Part>
					)}
					{brief.polished && (
						<p className="brief-polish">
							{t(own ? 'brief.ownWords' : 'brief.polished')}{' '}
							<Button kind="quiet" onPress={() => setOwn(!own)}>
								{t(own ? 'brief.showPolished' : 'brief.showOwn')}
							</Button>
						</p>
					)}
				</div>
				<div>
					<Part title="brief.articles">
						<Articles articles={brief.articles ?? []} />
					</Part>
					<Part title="brief.confidence">
						{brief.confidence?.length ? <Trail points={brief.confidence} /> : <None />}
					</Part>
					<Part title="brief.why">
						<Why brief={brief} cause={cause} />
					</Part>
				</div>
			</div>
			<Context brief={brief} earlier={earlier} />
			{!hadAnswer && reply}
		</section>
	);
}

/** The brief in one line. */
export function BriefBar({ brief, onUnfold }: { brief: Brief; onUnfold: () => void }) {
	return (
		<button type="button" className="brief-bar" onClick={onUnfold} aria-label={t('brief.unfold')}>
			<b>{t('brief.title')}</b>
			<ReasonTag reason={brief.reason} />
			<span className="cut">{brief.goal ? quote(brief.goal) : t('brief.none')}</span>
			<Kbd>B</Kbd>
			<Icon name="down" />
		</button>
	);
}

/** What an action of the shop gave, or how a change ended. */
function shopWords({ title, state, rows }: BriefCall): string {
	const said = (rows ?? []).map((row) => `${row.label}: ${row.value}`);
	return [title, ...(said.length > 0 ? said : [t(`brief.shop.${state}`)])].join(' · ');
}

function Part({ title, children }: { title: Key; children: ReactNode }) {
	return (
		<>
			<h4>{t(title)}</h4>
			{children}
		</>
	);
}

/** Why now: the server's codes in the agent's language, and its own words for what has none here. */
function Why({ brief, cause }: { brief: Brief; cause: Cause | undefined }) {
	const why = whyWords(brief.reason, brief) || brief.why;
	const ahead =
		cause && cause.code !== 'reason'
			? t(`ahead.${cause.code}`, { name: cause.name ?? '', value: cause.value ?? '' })
			: '';
	if (!why && !ahead) return <None />;
	return <p className="brief-why">{[why, ahead].filter(Boolean).join(' ')}</p>;
}

const explained = new Set(
	'asked low_confidence nothing_found value_missing internal person_only repeated distress abuse language policy action shadow suggest transferred vanished loop failure'.split(
		' ',
	),
);

function whyWords(reason: string, brief: Brief): string {
	if (!explained.has(reason)) return '';
	const best = brief.confidence?.at(-1);
	if (reason === 'low_confidence' && best) return t('why.low_confidence_at', { p: probability(best.confidence) });
	const words = t(`why.${reason}` as Key);
	if (reason !== 'loop' || !brief.before || brief.before === 'loop') return words;
	return `${words} ${whyWords(brief.before, brief)}`;
}

function attributeWords({ name, value, verified }: BriefFact): string {
	return `${name}: ${value}${verified ? '' : ` (${t('visitor.unverified')})`}`;
}

const listed = {
	mood: new Set(['in distress', 'angry', 'impatient']),
	identity: new Set(['anonymous', 'e-mail given', 'vouched', 'verified', 'unknown']),
};

/** A word of the server's closed lists in the agent's language. */
const moodWords = (mood: string) => (listed.mood.has(mood) ? t(`mood.${mood}` as Key) : mood);
const identityWords = (level: string) => (listed.identity.has(level) ? t(`identity.${level}` as Key) : level);

function None() {
	return <p className="brief-none">{t('brief.none')}</p>;
}

function Items({ items, icon }: { items: string[] | null; icon: IconName }) {
	if (!items?.length) return <None />;
	return (
		<ul className="brief-list">
			{items.map((item) => (
				<li key={item}>
					<Icon name={icon} size={14} />
					<span>{item}</span>
				</li>
			))}
		</ul>
	);
}

function Articles({ articles }: { articles: BriefArticle[] }) {
	if (articles.length === 0) return <None />;
	return (
		<ul className="brief-articles">
			{articles.map((article) => (
				<li key={article.article}>
					<Link to={`/knowledge/${article.article}`} className="cut" title={article.title}>
						{article.title}
					</Link>
					<span className="num">
						{article.internal ? t('brief.internal') : article.shown ? '' : t('brief.considered')} v{article.number}
					</span>
					<Bar value={article.score} />
					<span className="num">
						<span className="sr">{t('brief.score')} </span>
						{probability(article.score)}
					</span>
				</li>
			))}
		</ul>
	);
}

function Bar({ value }: { value: number }) {
	return (
		<svg className="bar" viewBox="0 0 44 4" preserveAspectRatio="none" aria-hidden="true">
			<rect className="bar-bed" width="44" height="4" rx="2" />
			<rect className="bar-fill" width={44 * Math.min(1, Math.max(0, value))} height="4" rx="2" />
		</svg>
	);
}

function Context({ brief, earlier }: { brief: Brief; earlier: number }) {
	const page = brief.page?.title || (brief.page?.url ? shortUrl(brief.page.url) : '');
	const items: [IconName, string, string][] = [
		['globe', t('brief.language'), brief.language ? language(brief.language) : t('brief.noLanguage')],
		['chat', t('brief.mood'), moodWords(brief.mood) || t('brief.noMood')],
		['shield', t('brief.identity'), identityWords(brief.identity) || t('brief.noIdentity')],
		...(brief.attributes ?? [])
			.slice(0, 3)
			.map((a): [IconName, string, string] => ['person', t('brief.attributes'), attributeWords(a)]),
		['file', t('brief.page'), page || t('brief.noPage')],
		['device', t('brief.device'), brief.device || t('brief.noDevice')],
		['history', t('brief.earlier'), tn('brief.chats', earlier)],
	];
	return (
		<ul className="brief-context">
			{items.map(([icon, name, value]) => (
				<li key={`${icon} ${value}`} title={`${name}: ${value}`}>
					<Icon name={icon} size={14} />
					<span className="sr">{name}: </span>
					<span className="cut">{value}</span>
				</li>
			))}
		</ul>
	);
}

interface SuggestedProps {
	title: Key;
	suggestion: Suggestion | null;
	onInsert?: (s: Suggestion) => void;
}

function Suggested({ title, suggestion, onInsert }: SuggestedProps) {
	return (
		<div className="brief-reply">
			<div>
				<h4>{t(title)}</h4>
				{suggestion ? <p className="brief-words">{suggestion.text}</p> : <None />}
				{suggestion && (suggestion.citations ?? []).length > 0 && (
					<ul className="sources">
						{suggestion.citations.map((cited) => (
							<li key={cited.n}>
								<Link to={`/knowledge/${cited.article}`} className="source">
									<span className="cite">{cited.n}</span>
									{cited.title}, v{cited.number}
								</Link>
							</li>
						))}
					</ul>
				)}
			</div>
			{suggestion && onInsert && (
				<Button hint="I" onPress={() => onInsert(suggestion)}>
					{t('brief.insert')}
				</Button>
			)}
		</div>
	);
}
