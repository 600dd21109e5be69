import { Link } from 'wouter';
import type { PromptBook } from '../../../protocol';
import { statusOf } from '../../../state/voice';
import { type Key, t } from '../../../text';
import { Notice } from '../../../ui/parts';
import { PromptTag } from './PromptTag';
import { base } from './parts';

/** What a prompt is called and for: by its name on the server. */
export const promptName = (name: string) => t(`prompt.${name}` as Key);
export const promptAbout = (name: string) => t(`promptAbout.${name}` as Key);

/** All prompts of the inbox. */
export function PromptTable({ book }: { book: PromptBook }) {
	const prompts = book.prompts ?? [];
	return (
		<>
			<p className="lead">{t('prompts.words')}</p>
			{book.model === '' && <Notice tone="info">{t('prompts.noModel')}</Notice>}
			<table className="table prompts">
				<caption>{book.model === '' ? t('prompts.caption') : t('prompts.captionModel', { model: book.model })}</caption>
				<thead>
					<tr>
						<th scope="col">{t('prompts.name')}</th>
						<th scope="col">{t('prompts.state')}</th>
					</tr>
				</thead>
				<tbody>
					{prompts.map((prompt) => (
						<tr key={prompt.name}>
							<th scope="row">
								<Link to={`${base}/prompts/${prompt.name}`} className="row-link">
									{promptName(prompt.name)}
								</Link>
								<small>{promptAbout(prompt.name)}</small>
							</th>
							<td>
								<PromptTag status={statusOf(prompt)} />
							</td>
						</tr>
					))}
				</tbody>
			</table>
		</>
	);
}
