import { useRef, useState } from 'react';
import { problemOf } from '../../api';
import { useDesk } from '../../context';
import type { StaffMember } from '../../protocol';
import { t } from '../../text';
import { Button } from '../../ui/Button';
import { Face, Notice } from '../../ui/parts';
import { photoOf } from './photo-file';

/** The own face, as customers and colleagues see it. */
export function Photo({ user, onChange }: { user: StaffMember; onChange: () => void }) {
	const desk = useDesk();
	const input = useRef<HTMLInputElement>(null);
	const [busy, setBusy] = useState(false);
	const [problem, setProblem] = useState('');
	const set = async (picture: Promise<string> | string) => {
		setBusy(true);
		setProblem('');
		try {
			const data = await Promise.resolve(picture).catch(() => {
				throw new Error(t('account.photoUnreadable'));
			});
			await desk.api.setPhoto({ picture: data });
			await desk.enter();
			onChange();
		} catch (thrown) {
			setProblem(thrown instanceof Error ? problemOf(thrown).message || thrown.message : String(thrown));
		}
		setBusy(false);
	};
	return (
		<div className="field">
			<span className="field-label">{t('account.photo')}</span>
			<div className="account-photo">
				<Face name={user.name} photo={user.photo} size="l" />
				<input
					ref={input}
					type="file"
					hidden
					accept="image/*"
					aria-label={t('account.photo')}
					onChange={(event) => {
						const file = event.target.files?.[0];
						if (file) void set(photoOf(file));
						event.target.value = ''; // the same file again is a choice, too
					}}
				/>
				<Button busy={busy} onPress={() => input.current?.click()}>
					{t(user.photo ? 'account.photoOther' : 'account.photoChoose')}
				</Button>
				{user.photo && (
					<Button kind="quiet" isDisabled={busy} onPress={() => set('')}>
						{t('account.photoRemove')}
					</Button>
				)}
			</div>
			<span className="hint">{t('account.photoHint')}</span>
			{problem && <Notice tone="bad">{problem}</Notice>}
		</div>
	);
}
