import { when } from '../../format';
import type { Article } from '../../protocol';
import { type ArticleForm, mostQuestions, questionsOf } from '../../state/article';
import { t } from '../../text';
import { Button } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { Select } from '../../ui/Select';

interface DetailsProps {
	article: Article | null;
	form: ArticleForm;
	onChange: (form: ArticleForm) => void;
	readOnly: boolean;
	onArchive: () => void;
}

/** Everything of an article that is not its text. */
export function Details({ article, form, onChange, readOnly, onArchive }: DetailsProps) {
	const set = (change: Partial<ArticleForm>) => onChange({ ...form, ...change });
	const badUrl = form.url.trim() !== '' && !/^https?:\/\/\S+$/i.test(form.url.trim());
	const questions = questionsOf(form.questions).length;
	const unasked = questions === 0 && form.status === 'published' && !readOnly;
	return (
		<aside className="details" aria-label={t('pane.details')}>
			<Select
				label={t('articles.status')}
				value={form.status}
				isDisabled={readOnly}
				options={[
					{ value: 'draft', label: t('status.draft'), hint: t('status.draftHint') },
					{ value: 'published', label: t('status.published'), hint: t('status.publishedHint') },
					...(article?.status === 'archived' || form.status === 'archived'
						? [{ value: 'archived' as const, label: t('status.archived'), hint: t('status.archivedHint') }]
						: []),
				]}
				onChange={(status) => set({ status })}
			/>
			<Select
				label={t('articles.visibility')}
				value={form.visibility}
				isDisabled={readOnly}
				options={[
					{ value: 'public', label: t('visibility.public'), hint: t('visibility.publicHint') },
					{ value: 'internal', label: t('visibility.internal'), hint: t('visibility.internalHint') },
				]}
				onChange={(visibility) => set({ visibility })}
			/>
			<Field
				label={t('article.questions')}
				hint={t(unasked ? 'article.questionsAsk' : 'article.questionsHint')}
				urgent={unasked}
				error={
					questions > mostQuestions ? t('article.questionsTooMany', { n: questions, most: mostQuestions }) : undefined
				}
				lines
				isReadOnly={readOnly}
				value={form.questions}
				onChange={(questions) => set({ questions })}
			/>
			<Field
				label={t('article.url')}
				hint={t('article.urlHint')}
				error={badUrl ? t('fault.url') : undefined}
				type="url"
				maxLength={2000}
				isReadOnly={readOnly}
				value={form.url}
				onChange={(url) => set({ url })}
			/>
			<Field
				label={t('articles.tags')}
				hint={t('article.tagsHint')}
				isReadOnly={readOnly}
				value={form.tags}
				onChange={(tags) => set({ tags })}
			/>
			<Field
				label={t('article.locale')}
				hint={t('article.localeHint')}
				maxLength={35}
				isReadOnly={readOnly}
				value={form.locale}
				onChange={(locale) => set({ locale })}
			/>
			{article && (
				<dl className="facts">
					<div>
						<dt>{t('articles.source')}</dt>
						<dd className="any">{article.source === 'console' ? t('articles.console') : article.source}</dd>
					</div>
					{article.source !== 'console' && (
						<div>
							<dt>{t('article.externalId')}</dt>
							<dd className="any mono">{article.external_id}</dd>
						</div>
					)}
					<div>
						<dt>{t('article.version')}</dt>
						<dd className="num">v{article.number}</dd>
					</div>
					<div>
						<dt>{t('articles.updated')}</dt>
						<dd>{when(article.updated_at, Date.now())}</dd>
					</div>
				</dl>
			)}
			{article && article.status !== 'archived' && !readOnly && (
				<div>
					<Button kind="danger" onPress={onArchive}>
						{t('article.archiveShort')}
					</Button>
				</div>
			)}
		</aside>
	);
}
