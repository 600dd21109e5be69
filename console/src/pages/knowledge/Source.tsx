import { useRef } from 'react';
import { Input } from 'react-aria-components/Input';
import { TextArea } from 'react-aria-components/TextArea';
import { count } from '../../format';
import { type ArticleForm, applyTool, type MarkdownTool, reading } from '../../state/article';
import { t, tn } from '../../text';
import { IconButton } from '../../ui/Button';
import type { IconName } from '../../ui/Icon';

const tools: [MarkdownTool, IconName][] = [
	['heading', 'heading'],
	['bold', 'bold'],
	['link', 'link'],
	['list', 'list'],
	['steps', 'steps'],
	['table', 'table'],
];

interface SourceProps {
	form: ArticleForm;
	onChange: (form: ArticleForm) => void;
	readOnly: boolean;
}

/** Title and Markdown. Tab leaves the field, as everywhere. */
export function Source({ form, onChange, readOnly }: SourceProps) {
	const area = useRef<HTMLTextAreaElement>(null);
	const { words, minutes } = reading(form.body);
	const use = (tool: MarkdownTool) => {
		const box = area.current;
		if (!box) return;
		const from = box.selectionStart;
		const { text, from: a, to: b } = applyTool(tool, box.value.slice(from, box.selectionEnd));
		box.focus();
		// The one way to change a field that its own undo can take back.
		if (!document.execCommand('insertText', false, text)) {
			box.setRangeText(text);
			onChange({ ...form, body: box.value });
		}
		box.setSelectionRange(from + a, from + b);
	};
	return (
		<section className="source-pane" aria-label={t('article.source')}>
			<Input
				className="title-input"
				aria-label={t('article.title')}
				placeholder={t('article.titlePlaceholder')}
				maxLength={300}
				readOnly={readOnly}
				autoFocus={form.title === ''}
				value={form.title}
				onChange={(event) => onChange({ ...form, title: event.target.value })}
			/>
			{!readOnly && (
				<div className="tools" role="toolbar" aria-label={t('tool.label')}>
					{tools.map(([tool, icon]) => (
						<IconButton key={tool} icon={icon} label={t(`tool.${tool}`)} onPress={() => use(tool)} />
					))}
				</div>
			)}
			<TextArea
				ref={area}
				className="source-area"
				aria-label={t('article.body')}
				placeholder={t('article.bodyPlaceholder')}
				spellCheck
				readOnly={readOnly}
				dir="auto"
				value={form.body}
				onChange={(event) => onChange({ ...form, body: event.target.value })}
			/>
			<p className="source-foot">
				{tn('article.words', words, { n: count(words) })}, {tn('article.minutes', minutes)}
			</p>
		</section>
	);
}
