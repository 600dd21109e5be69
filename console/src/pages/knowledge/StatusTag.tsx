import type { ArticleStatus } from '../../protocol';
import { t } from '../../text';
import { Tag } from '../../ui/parts';

/** An article's place in its life, in a fixed word. */
export function StatusTag({ status }: { status: ArticleStatus }) {
	return <Tag tone={status === 'published' ? 'ok' : 'plain'}>{t(`status.${status}`)}</Tag>;
}
