import { type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useDesk, useMe } from '../../context';
import { clock, customerName, dayOf, longDay } from '../../format';
import type { Feedback } from '../../protocol';
import { foldableLines, type Line, linesOf, mergeLogs } from '../../state/lines';
import { lastSeq, type Thread } from '../../state/thread';
import { t, tn } from '../../text';
import { Button } from '../../ui/Button';
import { EntryLine, PendingLine } from './EntryLine';
import { MoveLine } from './MoveLine';
import { useFoundEntry } from './useFoundEntry';
import { Writing } from './Writing';

interface LogViewProps {
	thread: Thread;
	/** Whether early lines may be folded away: the brief says what they hold. */
	fold: boolean;
	/** Stands above the log and scrolls with it. */
	top: ReactNode;
}

// Nearer to the end than this counts as being at the end.
const nearEnd = 80;

export function LogView({ thread, fold, top }: LogViewProps) {
	const desk = useDesk();
	const { user } = useMe();
	const [unfolded, setUnfolded] = useState(false);
	const lines = useMemo(() => linesOf(mergeLogs(thread.log, thread.staff), dayOf), [thread.log, thread.staff]);
	const words = useMemo(() => lastWords(lines), [lines]);
	const hidden = fold && !unfolded ? foldableLines(lines) : 0;
	const newest = `${lastSeq(thread.log)}-${lastSeq(thread.staff)}-${thread.pending.length}`;
	const scroll = useStick(newest, top ? 'top' : 'end');
	const linesBox = useRef<HTMLDivElement>(null);
	useFoundEntry(lines, linesBox, () => setUnfolded(true));
	// Who answers has seen it: only an unanswered message of one's own is worth the line.
	const last = thread.log.findLast((e) => e.kind === 'message');
	const seen = last?.from.kind === 'agent' && last.from.id === user.id && thread.seen >= last.seq;

	// biome-ignore lint/correctness/useExhaustiveDependencies: each new entry is a reason.
	useEffect(() => {
		const mark = () => document.visibilityState === 'visible' && desk.markRead(thread.id);
		mark();
		document.addEventListener('visibilitychange', mark);
		return () => document.removeEventListener('visibilitychange', mark);
	}, [desk, thread.id, newest]);

	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
		<section className="log" ref={scroll} tabIndex={0} aria-label={t('log.scroll')}>
			<div className="log-in">
				{top}
				{hidden > 0 && <Folded lines={lines.slice(0, hidden)} onUnfold={() => setUnfolded(true)} />}
				<div role="log" aria-label={t('log.label')} className="log-lines" ref={linesBox}>
					{lines.slice(hidden).map((line) => (
						<LogLine
							key={line.key}
							line={line}
							me={user.id}
							customer={customerName(thread.view?.customer_name)}
							language={thread.view?.locale ?? ''}
							word={words.get(line.kind === 'day' ? 0 : line.entry.seq)}
						/>
					))}
					{thread.pending.map((pending) => (
						<PendingLine key={pending.clientId} pending={pending} conversation={thread.id} />
					))}
				</div>
				{seen && <p className="seen">{t('log.seen')}</p>}
				<Writing thread={thread} />
			</div>
		</section>
	);
}

/** The customer's last words on answers, by the answer's number. */
function lastWords(lines: Line[]): Map<number, Feedback> {
	const words = new Map<number, Feedback>();
	for (const line of lines) {
		const said = line.kind === 'entry' && line.entry.log === 'public' ? line.entry.feedback : undefined;
		if (said) words.set(said.seq, said);
	}
	return words;
}

interface LogLineProps {
	line: Line;
	me: string;
	customer: string;
	language: string;
	word: Feedback | undefined;
}

function LogLine({ line, me, customer, language, word }: LogLineProps) {
	switch (line.kind) {
		case 'day':
			return <h3 className="day">{longDay(line.at)}</h3>;
		case 'move':
			return <MoveLine entry={line.entry} customer={customer} told={line.told} waitedMs={line.waitedMs} />;
		case 'entry':
			return <EntryLine entry={line.entry} mine={line.entry.from.id === me} {...{ customer, language, word }} />;
	}
}

function Folded({ lines, onUnfold }: { lines: Line[]; onUnfold: () => void }) {
	const entries = lines.filter((line) => line.kind !== 'day');
	const first = entries[0];
	const last = entries.at(-1);
	if (!first || !last) return null;
	return (
		<div className="folded">
			<Button kind="quiet" icon="down" onPress={onUnfold}>
				{tn('log.folded', entries.length, { from: clock(first.entry.at), to: clock(last.entry.at) })}
			</Button>
		</div>
	);
}

/** Keeps the end in sight as long as it was in sight. */
function useStick(newest: string, begin: 'top' | 'end') {
	const ref = useRef<HTMLElement>(null);
	const atEnd = useRef(begin === 'end');
	useEffect(() => {
		const box = ref.current;
		if (!box) return;
		const listen = () => {
			atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < nearEnd;
		};
		const keep = new ResizeObserver(() => {
			if (atEnd.current) box.scrollTop = box.scrollHeight;
		});
		keep.observe(box);
		if (box.firstElementChild) keep.observe(box.firstElementChild);
		box.addEventListener('scroll', listen, { passive: true });
		return () => {
			keep.disconnect();
			box.removeEventListener('scroll', listen);
		};
	}, []);
	// biome-ignore lint/correctness/useExhaustiveDependencies: each new line is a reason to look.
	useLayoutEffect(() => {
		if (ref.current && atEnd.current) ref.current.scrollTop = ref.current.scrollHeight;
	}, [newest]);
	return ref;
}
