import { useState } from 'react';
import { clock } from '../../format';
import type { Article } from '../../protocol';
import { type ArticleForm, formOf } from '../../state/article';
import { t } from '../../text';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Notice } from '../../ui/parts';

interface ConflictProps {
	theirs: Article;
	mine: ArticleForm;
	busy: boolean;
	onMine: () => void;
	onTheirs: () => void;
}

/** Somebody else saved in between: both texts are there, and a person decides. */
export function Conflict({ theirs, mine, busy, onMine, onTheirs }: ConflictProps) {
	const [comparing, compare] = useState(false);
	return (
		<div className="banner">
			<Notice tone="warn" action={<Button onPress={() => compare(true)}>{t('conflict.compare')}</Button>}>
				{t('conflict.words', { n: theirs.number, time: clock(theirs.updated_at) })}
			</Notice>
			<Dialog title={t('conflict.title')} isOpen={comparing} onClose={() => compare(false)} wide>
				<div className="compare">
					<Version name={t('conflict.mine')} form={mine} />
					<Version name={t('conflict.theirs', { n: theirs.number })} form={formOf(theirs)} />
				</div>
				<div className="dialog-actions">
					<Button onPress={onTheirs}>{t('conflict.takeTheirs', { n: theirs.number })}</Button>
					<Button kind="primary" busy={busy} onPress={onMine}>
						{t('conflict.takeMine')}
					</Button>
				</div>
			</Dialog>
		</div>
	);
}

function Version({ name, form }: { name: string; form: ArticleForm }) {
	return (
		<section>
			<h3>{name}</h3>
			<p>
				<b>{form.title}</b>
			</p>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
			<pre tabIndex={0}>{form.body}</pre>
		</section>
	);
}
