import { useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { type Problem, problemOf } from '../../api';
import { useDesk, useLate, useMe, useMedia } from '../../context';
import { clock } from '../../format';
import type { Article } from '../../protocol';
import { type ArticleForm, emptyForm, formOf, isChanged, requestOf } from '../../state/article';
import { can } from '../../state/inbox';
import { recall, remember } from '../../state/memory';
import { t } from '../../text';
import { Button, ButtonLink, IconButton } from '../../ui/Button';
import { Confirm } from '../../ui/Dialog';
import { modKey } from '../../ui/keys';
import { Bone, Failure, Notice } from '../../ui/parts';
import { Segmented } from '../../ui/Segmented';
import { useSaveKey } from '../../ui/save';
import { useTitle } from '../../ui/title';
import { Conflict } from './Conflict';
import { Details } from './Details';
import { Preview } from './Preview';
import { Source } from './Source';
import { StatusTag } from './StatusTag';

type Pane = 'write' | 'preview' | 'details';
const panes: Pane[] = ['write', 'preview', 'details'];

interface Kept {
	form: ArticleForm;
	version: string;
	at: number;
}

/** One article: the source and what customers will see, side by side. `new` is one that is not there yet. */
export default function Editor({ id }: { id: string }) {
	const desk = useDesk();
	const { user } = useMe();
	const isNew = id === 'new';
	const [article, setArticle] = useState<Article | null>(null);
	const [problem, setProblem] = useState<Problem | null>(null);
	const late = useLate(!isNew && !article);
	const canEdit = can(user.role, 'editor');
	const load = () => {
		setProblem(null);
		desk.api.article(id).then(setArticle, (thrown) => setProblem(problemOf(thrown)));
	};
	// biome-ignore lint/correctness/useExhaustiveDependencies: the id is the only reason to load.
	useEffect(() => {
		if (!isNew) load();
	}, [id]);

	if (isNew && !canEdit) {
		return (
			<main className="page" data-pane>
				<Failure
					title={t('article.noPermission')}
					retry={<ButtonLink to="/knowledge">{t('article.toList')}</ButtonLink>}
				>
					{t('article.noPermissionWords')}
				</Failure>
			</main>
		);
	}
	if (problem) {
		return (
			<main className="page" data-pane>
				<Failure
					title={t(problem.status === 404 ? 'article.notFound' : 'article.failed')}
					retry={
						problem.status === 404 ? (
							<ButtonLink to="/knowledge">{t('article.toList')}</ButtonLink>
						) : (
							<Button onPress={load}>{t('retry')}</Button>
						)
					}
				>
					{problem.message}
				</Failure>
			</main>
		);
	}
	if (!isNew && !article) {
		return (
			<main className="page" data-pane aria-busy="true" aria-label={t('app.loading')}>
				{late && <Bones />}
			</main>
		);
	}
	return <Form article={article} canEdit={canEdit} />;
}

function Form({ article: loaded, canEdit }: { article: Article | null; canEdit: boolean }) {
	const desk = useDesk();
	const [, navigate] = useLocation();
	// How many panes stand side by side: text, preview, details.
	const fits = 1 + Number(useMedia('(min-width: 1024px)')) + Number(useMedia('(min-width: 1280px)'));
	const { inboxes } = useMe();
	const blank = { ...emptyForm, locale: inboxes?.[0]?.settings?.locales?.[0] ?? '' };
	const [article, setArticle] = useState(loaded);
	const keep = `article.${article?.id ?? 'new'}`;
	const [kept, setKept] = useState(() => recall<Kept | null>(keep, null));
	// What was kept may be of an older console, which knew less of an article.
	const [form, setForm] = useState<ArticleForm>(() => ({ ...(article ? formOf(article) : blank), ...kept?.form }));
	const [version, setVersion] = useState(() => kept?.version || article?.version || '');
	const [saving, setSaving] = useState(false);
	const [savedAt, setSavedAt] = useState(0);
	const [problem, setProblem] = useState<string>();
	const [theirs, setTheirs] = useState<Article | null>(null);
	const [archiving, setArchiving] = useState(false);
	const [pane, setPane] = useState<Pane>('write');
	const saved = article ? formOf(article) : blank;
	const changed = isChanged(form, saved);
	const complete = form.title.trim() !== '';
	useTitle(form.title || t('article.new'));

	// What is not saved survives a reload and a closed tab.
	const firstRun = useRef(true);
	useEffect(() => {
		if (firstRun.current) {
			firstRun.current = false;
			return;
		}
		remember(keep, changed ? { form, version, at: Date.now() } : undefined);
	}, [keep, form, version, changed]);

	const save = async (next: ArticleForm, over = version) => {
		if (saving || !canEdit) return;
		setSaving(true);
		setProblem(undefined);
		try {
			const request = requestOf(next, over);
			const after = article ? await desk.api.saveArticle(article.id, request) : await desk.api.createArticle(request);
			// The answer may come without the body: it is the one that was sent.
			const stored = { ...after, body: after.body || request.body };
			remember(keep, undefined);
			setKept(null);
			setArticle(stored);
			setForm(formOf(stored));
			setVersion(stored.version);
			setTheirs(null);
			setSavedAt(Date.now());
			if (!article) navigate(`/knowledge/${stored.id}`, { replace: true });
		} catch (thrown) {
			const failure = problemOf(thrown);
			if (failure.status === 409 && article) {
				const newest = await desk.api.article(article.id).catch(() => null);
				// The same version: somebody is saving at this moment, and trying again will tell.
				if (newest && newest.version !== over) setTheirs(newest);
			}
			setProblem(failure.message);
		} finally {
			setSaving(false);
		}
	};
	const takeTheirs = (article: Article) => {
		remember(keep, undefined);
		setKept(null);
		setArticle(article);
		setForm(formOf(article));
		setVersion(article.version);
		setTheirs(null);
		setProblem(undefined);
	};
	const discard = () => {
		setKept(null);
		setForm(saved);
		setVersion(article?.version ?? '');
	};
	const savable = changed && complete && canEdit;
	useSaveKey(() => savable && void save(form));
	const publishes = form.status === 'published' && article?.status !== 'published';

	return (
		<main className="page editor" data-pane>
			<header className="page-head">
				<IconButton icon="back" label={t('article.toList')} onPress={() => navigate('/knowledge')} />
				<h1 className="cut">{form.title || t('article.new')}</h1>
				{article && (
					<>
						<StatusTag status={article.status} />
						<span className="head-aside num">
							v{article.number}
							{savedAt > 0 && !changed && `, ${t('article.savedAt', { time: clock(savedAt) })}`}
							{changed && `, ${t('article.unsaved')}`}
						</span>
					</>
				)}
				<div className="page-acts">
					{fits < 3 && (
						<Segmented
							label={t('article.panes')}
							value={fits === 2 && pane === 'write' ? 'preview' : pane}
							options={panes.slice(fits - 1).map((value) => ({ value, label: t(`pane.${value}`) }))}
							onChange={setPane}
						/>
					)}
					{canEdit && (
						<Button kind="primary" hint={`${modKey} S`} busy={saving} isDisabled={!savable} onPress={() => save(form)}>
							{t(publishes ? 'article.publish' : 'article.save')}
						</Button>
					)}
				</div>
			</header>
			{theirs ? (
				<Conflict
					theirs={theirs}
					mine={form}
					busy={saving}
					onMine={() => save(form, theirs.version)}
					onTheirs={() => takeTheirs(theirs)}
				/>
			) : (
				problem && (
					<div className="banner">
						<Notice tone="bad" action={<Button onPress={() => save(form)}>{t('retry')}</Button>}>
							{t('article.notSaved', { reason: problem })}
						</Notice>
					</div>
				)
			)}
			{kept && changed && !theirs && !problem && (
				<div className="banner">
					<Notice tone="info" action={<Button onPress={discard}>{t('article.discard')}</Button>}>
						{t('article.kept', { time: clock(kept.at) })}
					</Notice>
				</div>
			)}
			<div className="editor-panes">
				{(fits > 1 || pane === 'write') && <Source form={form} onChange={setForm} readOnly={!canEdit} />}
				{(fits === 3 || pane === 'preview' || (fits === 2 && pane === 'write')) && (
					<Preview title={form.title} body={form.body} />
				)}
				{(fits === 3 || pane === 'details') && (
					<Details
						article={article}
						form={form}
						onChange={setForm}
						readOnly={!canEdit}
						onArchive={() => setArchiving(true)}
					/>
				)}
			</div>
			<Confirm
				title={t('article.archiveTitle', { title: article?.title ?? '' })}
				action={t('article.archive')}
				danger
				busy={saving}
				isOpen={archiving}
				onClose={() => setArchiving(false)}
				onConfirm={() => {
					void save({ ...form, status: 'archived' }).then(() => setArchiving(false));
				}}
			>
				{t('article.archiveWords')}
			</Confirm>
		</main>
	);
}

function Bones() {
	return (
		<>
			<header className="page-head">
				<Bone width="220px" height={14} />
				<Bone width="76px" height={20} />
			</header>
			<div className="editor-bones">
				{['40%', '92%', '86%', '64%', '90%', '72%', '30%', '88%'].map((width) => (
					<Bone key={width} width={width} height={12} />
				))}
			</div>
		</>
	);
}
