import type { PromptStatus } from '../../../state/voice';
import { t } from '../../../text';
import { Tag } from '../../../ui/parts';

const tones = { default: 'line', own: 'ok', draft: 'accent', outdated: 'warn' } as const;

/** How a prompt stands, in one word. */
export function PromptTag({ status }: { status: PromptStatus }) {
	return <Tag tone={tones[status]}>{t(`prompts.status.${status}`)}</Tag>;
}
