import { useState } from 'react';
import { problemOf } from '../../api';
import { useDesk } from '../../context';
import { locale, t } from '../../text';
import { Button } from '../../ui/Button';

/** Whether somebody writes in another language than the console's. */
export function isForeign(tag: string): boolean {
	return tag !== '' && tag.split('-')[0]?.toLowerCase() !== locale().split('-')[0]?.toLowerCase();
}

/** A customer's words in the agent's language, on demand: the language model's, and so under theirs, never in their place. */
export function Translation({ conversation, text }: { conversation: string; text: string }) {
	const desk = useDesk();
	const [busy, setBusy] = useState(false);
	const [words, setWords] = useState('');
	const [problem, setProblem] = useState('');
	const translate = async () => {
		setBusy(true);
		setProblem('');
		try {
			setWords((await desk.api.assist(conversation, 'translate', { text, to: locale() })).text ?? '');
		} catch (thrown) {
			setProblem(problemOf(thrown).message);
		} finally {
			setBusy(false);
		}
	};
	if (words !== '')
		return (
			<p className="translation">
				<span lang={locale()}>{words}</span> <small>{t('log.translated')}</small>
			</p>
		);
	return (
		<div className="translation">
			<Button kind="quiet" busy={busy} onPress={translate}>
				{t('log.translate')}
			</Button>
			<small role="status">{problem}</small>
		</div>
	);
}
