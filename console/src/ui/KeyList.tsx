import { t } from '../text';
import { Dialog } from './Dialog';
import { modKey } from './keys';

/** All keys, behind "?". */
export function KeyList({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
	const groups: [string, [string[], string][]][] = [
		[
			t('keys.move'),
			[
				[['J', 'K'], t('keys.jk')],
				[['↵'], t('keys.enter')],
				[['F6'], t('keys.f6')],
			],
		],
		[
			t('keys.conversation'),
			[
				[['R'], t('keys.r')],
				[['N'], t('keys.n')],
				[['I'], t('keys.i')],
				[['B'], t('keys.b')],
				[['C'], t('keys.c')],
				[['E'], t('keys.e')],
				[[modKey, '↵'], t('keys.send')],
				[['Esc'], t('keys.esc')],
			],
		],
		[t('keys.everywhere'), [[['?'], t('keys.list')]]],
	];
	return (
		<Dialog title={t('keys.title')} isOpen={isOpen} onClose={onClose}>
			<div className="keylist">
				{groups.map(([name, keys]) => (
					<section key={name}>
						<h3>{name}</h3>
						<dl>
							{keys.map(([letters, words]) => (
								<div key={words}>
									<dt>
										{letters.map((letter) => (
											<kbd key={letter}>{letter}</kbd>
										))}
									</dt>
									<dd>{words}</dd>
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
