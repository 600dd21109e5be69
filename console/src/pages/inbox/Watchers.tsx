import { useEffect } from 'react';
import { useDesk, useMe } from '../../context';
import type { Watcher } from '../../protocol';
import { useStore } from '../../state/store';
import { t } from '../../text';
import { Icon } from '../../ui/Icon';
import { Face } from '../../ui/parts';

const nobody: Watcher[] = [];

/** Who else looks at a conversation just now. */
export function useWatchers(conversation: string): Watcher[] {
	const { user } = useMe();
	const here = useStore(useDesk().talk.watchers, (all) => all[conversation] ?? nobody);
	return here.filter((each) => each.id !== user.id);
}

/** Says that this conversation is looked at, for as long as it stands here in sight; what mentions this agent in it is seen. */
export function useWatch(conversation: string): void {
	const { talk } = useDesk();
	const { rows } = useStore(talk.mentions);
	useEffect(() => {
		const look = () => talk.watch(document.visibilityState === 'visible' ? conversation : '');
		look();
		document.addEventListener('visibilitychange', look);
		return () => {
			document.removeEventListener('visibilitychange', look);
			talk.watch('');
		};
	}, [talk, conversation]);
	// biome-ignore lint/correctness/useExhaustiveDependencies: each mention that comes is a reason.
	useEffect(() => {
		const see = () => document.visibilityState === 'visible' && void talk.see(conversation);
		see();
		document.addEventListener('visibilitychange', see);
		return () => document.removeEventListener('visibilitychange', see);
	}, [talk, conversation, rows]);
}

/** Their faces, in the head of the conversation; more than three are a number. */
export function WatcherFaces({ conversation }: { conversation: string }) {
	const others = useWatchers(conversation);
	const writer = others.find((each) => each.writing);
	const first = writer ?? others[0];
	if (!first) return null;
	const words = writer
		? t('watch.writes', { name: first.name })
		: others.length > 1
			? t('watch.several', { name: first.name, more: others.length - 1 })
			: t('watch.looks', { name: first.name });
	return (
		<span
			className={`tag watchers${writer ? ' tag-warn' : ''}`}
			role="status"
			title={others.map((o) => o.name).join(', ')}
		>
			<span className="faces">
				{others.slice(0, 3).map((each) => (
					<Face key={each.id} name={each.name} size="s" />
				))}
			</span>
			<span className="cut">{words}</span>
		</span>
	);
}

/** The warning above the text: somebody else writes to the customer at this moment. */
export function WriterWarning({ conversation }: { conversation: string }) {
	const writer = useWatchers(conversation).find((each) => each.writing);
	if (!writer) return null;
	return (
		<p className="writer-warning" role="alert">
			<Icon name="alert" size={14} />
			{t('watch.warning', { name: writer.name })}
		</p>
	);
}
