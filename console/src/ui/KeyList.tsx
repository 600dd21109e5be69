import { type Command, commands, type Group } from '../commands';
import { t } from '../text';
import { Dialog } from './Dialog';
import { keyCaps } from './keys';

const groups: Group[] = ['move', 'conversation', 'everywhere'];
// Keys of the text field, which are its own and no commands.
const ofTheField: Command[] = [
	{ words: 'keys.send', keys: ['mod+Enter'], group: 'conversation' },
	{ words: 'keys.leave', keys: ['Escape'], group: 'conversation' },
];

/** All keys, behind "?". */
export function KeyList({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
	const all: Command[] = [...Object.values(commands), ...ofTheField];
	return (
		<Dialog title={t('keys.title')} isOpen={isOpen} onClose={onClose}>
			<div className="keylist">
				{groups.map((group) => (
					<section key={group}>
						<h3>{t(`keys.group.${group}`)}</h3>
						<dl>
							{all
								.filter((each) => each.group === group && each.keys)
								.map(({ words, keys }) => (
									<div key={words}>
										<dt>
											{keyCaps(keys?.[0] ?? '').map((cap) => (
												<kbd key={cap}>{cap}</kbd>
											))}
										</dt>
										<dd>{t(words)}</dd>
									</div>
								))}
						</dl>
					</section>
				))}
				<p className="hint">{t('keys.off')}</p>
			</div>
		</Dialog>
	);
}
