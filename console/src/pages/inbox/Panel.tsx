import { type ReactNode, useRef, useState } from 'react';
import { Link } from 'wouter';
import { problemOf, type ViewName } from '../../api';
import { useDesk, useNow } from '../../context';
import { customerName, due, fullDate, language, probability, shortUrl, when } from '../../format';
import type { ConversationView, Verification } from '../../protocol';
import { useStore } from '../../state/store';
import { t } from '../../text';
import { Button, IconButton } from '../../ui/Button';
import { Bone, Empty, Face, Tag } from '../../ui/parts';
import { Segmented } from '../../ui/Segmented';
import { uuidv7 } from '../../uuid';
import { ArticlesPane } from './Articles';
import { PromiseList } from './PromiseList';
import { Section } from './Section';
import { Spending } from './Spending';
import { Tags } from './Tags';
import { Attributes, Doings, Merges } from './Visitor';

interface PanelProps {
	id: string;
	view: ViewName;
	/** Whether it lies over the conversation and so needs a way to close it. */
	over: boolean;
	onClose: () => void;
	side: Side;
	onSide: (side: Side) => void;
}

/** What the panel shows. */
export type Side = 'customer' | 'articles';

/** Beside the conversation, or over it: who the customer is (key C), and the articles (key A). */
export function Panel({ id, view, over, onClose, side, onSide }: PanelProps) {
	const thread = useStore(useDesk().threads, (threads) => threads[id]);
	return (
		<aside className={`panel${over ? ' over' : ''}`} aria-label={t('panel.label')} data-pane>
			<header className="panel-head">
				<h2 className="sr">{t(`articles.${side === 'customer' ? 'customer' : 'side'}`)}</h2>
				<Segmented<Side>
					label={t('panel.label')}
					value={side}
					options={[
						{ value: 'customer', label: t('articles.customer') },
						{ value: 'articles', label: t('articles.side') },
					]}
					onChange={onSide}
				/>
				{over && <IconButton icon="x" label={t('panel.close')} onPress={onClose} />}
			</header>
			{side === 'articles' && <ArticlesPane key={id} thread={thread} />}
			{side === 'customer' && thread?.problem && !thread.view && (
				<Empty icon="person" title={t('panel.none')}>
					{t('panel.noneWords')}
				</Empty>
			)}
			{side === 'customer' && !thread?.view && !thread?.problem && <Bones />}
			{side === 'customer' && thread?.view && <Known conversation={thread.view} view={view} />}
		</aside>
	);
}

/** How surely it is known who the customer is, and until when that counts. */
function Identity({ proof, mail, now }: { proof: Verification | undefined; mail: string | undefined; now: number }) {
	if (!proof || Date.parse(proof.until) <= now) return <Tag>{t(mail ? 'panel.given' : 'panel.anonymous')}</Tag>;
	if (proof.by === 'hash') return <Tag tone="warn">{t('panel.vouched')}</Tag>;
	return (
		<>
			<Tag tone="ok" icon="shield">
				{t(proof.by === 'code' ? 'panel.verifiedCode' : 'panel.verified')}
			</Tag>
			<small className="quiet">{t('panel.until', { time: due(proof.until, now) })}</small>
		</>
	);
}

/** Asks the customer, in the chat, to confirm who they are. Shown while it is not known. */
function AskIdentity({ conversation, now }: { conversation: ConversationView; now: number }) {
	const desk = useDesk();
	const [state, setState] = useState<'' | 'busy' | 'asked'>('');
	const [problem, setProblem] = useState('');
	const { by, until } = conversation.person?.verification ?? {};
	if (by && by !== 'hash' && until && Date.parse(until) > now) return null;
	const ask = async () => {
		setState('busy');
		setProblem('');
		try {
			await desk.api.askToVerify(conversation.id);
			setState('asked');
		} catch (e) {
			setState('');
			setProblem(problemOf(e).message);
		}
	};
	return (
		<>
			<Button kind="quiet" isDisabled={state === 'asked'} busy={state === 'busy'} onPress={ask}>
				{t(state === 'asked' ? 'panel.asked' : 'panel.ask')}
			</Button>
			{problem && (
				<small className="bad" role="alert">
					{problem}
				</small>
			)}
		</>
	);
}

/** Sends the conversation to the address that is known of the customer. */
function SendChat({ conversation }: { conversation: string }) {
	const desk = useDesk();
	const [state, setState] = useState<'' | 'busy' | 'sent'>('');
	const [problem, setProblem] = useState('');
	const id = useRef(uuidv7());
	const send = async () => {
		setState('busy');
		setProblem('');
		try {
			// The same id until it has worked: what is tried again is not sent twice.
			await desk.api.sendTranscript(conversation, { client_id: id.current });
			setState('sent');
		} catch (e) {
			setState('');
			setProblem(problemOf(e).message);
		}
	};
	return (
		<>
			<Button kind="quiet" icon="mail" isDisabled={state === 'sent'} busy={state === 'busy'} onPress={send}>
				{t(state === 'sent' ? 'panel.sent' : 'panel.send')}
			</Button>
			{problem && (
				<small className="bad" role="alert">
					{problem}
				</small>
			)}
		</>
	);
}

function Known({ conversation, view }: { conversation: ConversationView; view: ViewName }) {
	const now = useNow();
	const { person, page, earlier, handoff, email, rating } = conversation;
	const articles = handoff?.brief?.articles ?? [];
	const mail = person?.email || email;
	return (
		<>
			<div className="panel-who">
				<Face name={conversation.customer_name} size="l" />
				<div>
					<b>{customerName(conversation.customer_name)}</b>
					<Identity proof={person?.verification} mail={mail} now={now} />
					{conversation.status === 'open' && <AskIdentity conversation={conversation} now={now} />}
				</div>
			</div>
			<dl className="facts">
				<Fact name={t('field.email')}>
					{mail ? <Address email={mail} /> : t('panel.unknown')}
					{mail && <SendChat key={conversation.id} conversation={conversation.id} />}
				</Fact>
				<Fact name={t('panel.language')}>
					{conversation.locale ? language(conversation.locale) : t('panel.unknown')}
				</Fact>
				<Fact name={t('panel.since')}>{person?.created_at ? fullDate(person.created_at) : t('panel.unknown')}</Fact>
				{rating > 0 && <Fact name={t('panel.rating')}>{t('panel.rated', { score: rating })}</Fact>}
			</dl>
			<Attributes attributes={person?.attributes} />
			<Section title={t('promise.title')}>
				<PromiseList key={conversation.id} conversation={conversation} />
			</Section>
			<Section title={t('tags.title')}>
				<Tags conversation={conversation} />
			</Section>
			<Section title={t('panel.page')}>
				{page?.url ? (
					<a className="page-link" href={safe(page.url)} target="_blank" rel="noopener noreferrer" title={page.url}>
						{page.title && <b className="cut">{page.title}</b>}
						<span className="cut">{shortUrl(page.url)}</span>
					</a>
				) : (
					<p className="quiet">{t('panel.noPage')}</p>
				)}
			</Section>
			<Doings customer={conversation.customer} lastSeq={conversation.last_seq} />
			<Spending key={conversation.id} conversation={conversation} />
			<Merges key={conversation.customer} conversation={conversation} />
			<Section title={t('panel.earlier')} end={earlier?.length ? String(earlier.length) : undefined}>
				{earlier?.length ? (
					<ul className="older">
						{earlier.map((old) => (
							<li key={old.id}>
								<Link to={`/inbox/${view}/${old.id}`}>
									<span className="cut">{old.subject || t('panel.noSubject')}</span>
									<time dateTime={old.at}>{when(old.at, now)}</time>
									<small>{t(old.status === 'closed' ? 'owner.closed' : 'panel.open')}</small>
								</Link>
							</li>
						))}
					</ul>
				) : (
					<p className="quiet">{t('panel.noEarlier')}</p>
				)}
			</Section>
			<Section title={t('panel.articles')} end={articles.length ? String(articles.length) : undefined}>
				{articles.length ? (
					<ul className="older">
						{articles.map((article) => (
							<li key={article.article}>
								<Link to={`/knowledge/${article.article}`}>
									<span className="cut">{article.title}</span>
									<span className="num">{probability(article.score)}</span>
									<small>
										{t(article.shown ? 'panel.shown' : 'panel.considered')}, v{article.number}
										{article.internal && `, ${t('brief.internal')}`}
									</small>
								</Link>
							</li>
						))}
					</ul>
				) : (
					<p className="quiet">{t('panel.noArticles')}</p>
				)}
			</Section>
		</>
	);
}

/** An address, broken behind its @ where it must be. */
function Address({ email }: { email: string }) {
	const at = email.indexOf('@') + 1;
	return (
		<span className="any">
			{email.slice(0, at)}
			<wbr />
			{email.slice(at)}
		</span>
	);
}

function safe(url: string): string | undefined {
	return /^https?:\/\//i.test(url) ? url : undefined;
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
	return (
		<div>
			<dt>{name}</dt>
			<dd>{children}</dd>
		</div>
	);
}

function Bones() {
	return (
		<div className="panel-bones" aria-hidden="true">
			<div className="panel-who">
				<span className="face face-l" />
				<div>
					<Bone width="110px" height={14} />
				</div>
			</div>
			{['92%', '70%', '80%', '60%'].map((width) => (
				<Bone key={width} width={width} />
			))}
		</div>
	);
}
