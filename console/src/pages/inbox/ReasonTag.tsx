import type { Cause } from '../../protocol';
import { type Key, t } from '../../text';
import { Tag } from '../../ui/parts';

/** The reasons of handoffs, and of refusals, that have words. */
export const reasons = [
	'asked',
	'low_confidence',
	'nothing_found',
	'value_missing',
	'internal',
	'action',
	'person_only',
	'repeated',
	'distress',
	'abuse',
	'failure',
	'language',
	'policy',
	'vanished',
	'promise',
	'loop',
	'shadow',
	'suggest',
	'off_topic',
	'attack',
];

const known = new Set(reasons);

/** The words of a reason; '' for one that says nothing but who moved a conversation. */
export function reasonWords(reason: string): string {
	return known.has(reason) ? t(`reason.${reason}` as Key) : '';
}

/** Why a conversation comes ahead of others; '' where its reason says that already, or nothing does. */
export function causeWords(cause: Cause | undefined): string {
	if (!cause || cause.code === 'reason') return '';
	return t(`cause.${cause.code}`, { name: cause.name ?? '', value: cause.value ?? '' });
}

/** Why a conversation came to people. Red is for distress alone. */
export function ReasonTag({ reason, quiet }: { reason: string; quiet?: boolean }) {
	const words = reasonWords(reason);
	if (!words) return null;
	if (reason === 'distress') {
		return (
			<Tag tone="bad" icon="alert">
				{words}
			</Tag>
		);
	}
	return <Tag tone={quiet ? 'line' : 'warn'}>{words}</Tag>;
}
