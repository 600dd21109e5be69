import type { Entry } from '../../protocol';
import { t, tn } from '../../text';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';

interface RaceProps {
	/** What a colleague has told the customer meanwhile. */
	answer: Entry;
	/** The conversation is theirs now. */
	asNote: boolean;
	onSend: () => void;
	onClose: () => void;
}

/** Asked before a reply goes out that its writer began before a colleague's came. */
export function RaceDialog({ answer, asNote, onSend, onClose }: RaceProps) {
	const name = answer.from.name || t('row.someone');
	const seconds = Math.max(1, Math.round((Date.now() - Date.parse(answer.at)) / 1000));
	const ago = seconds < 60 ? tn('race.seconds', seconds) : tn('race.minutes', Math.round(seconds / 60));
	return (
		<Dialog title={t('race.title', { name, ago })} isOpen onClose={onClose} alert>
			<div className="dialog-words">
				<p>{t('race.sent')}</p>
				<blockquote className="race-words" dir="auto">
					{answer.text}
				</blockquote>
				<p>{asNote ? t('race.note', { name }) : t('race.send')}</p>
			</div>
			<div className="dialog-actions">
				<Button kind="quiet" onPress={onSend}>
					{t(asNote ? 'race.noteAction' : 'race.action')}
				</Button>
				<Button kind="primary" onPress={onClose} autoFocus>
					{t('race.back')}
				</Button>
			</div>
		</Dialog>
	);
}
