import { customerName } from '../../format';
import type { Thread } from '../../state/thread';
import { t } from '../../text';

/** Who is writing just now. */
export function Writing({ thread }: { thread: Thread }) {
	const who = thread.typing[0]?.from;
	const name =
		who?.name || (who?.kind === 'customer' ? customerName(thread.view?.customer_name) : '') || t('row.someone');
	const words = thread.draft ? t('writing.bot') : who ? t('writing.person', { name }) : '';
	return (
		<p className="writing" role="status">
			{words && (
				<>
					<span className="dots" aria-hidden="true">
						<i />
						<i />
						<i />
					</span>
					{words}
				</>
			)}
		</p>
	);
}
