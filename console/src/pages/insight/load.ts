import { useEffect, useRef, useState } from 'react';
import { isAbort, type Problem, problemOf } from '../../api';
import { useDesk } from '../../context';
import type { Report } from '../../protocol';
import { useStore } from '../../state/store';

// After a change: a burst of them is one, and a busy desk asks at most so often.
const gather = 1_000;
const atMost = 5_000;
// Without any change: the hour moves on, and agents go.
const anyway = 60_000;

/** The figures of a time and inbox, kept up to date while they are shown. */
export function useReport(days: number, inbox: string) {
	const desk = useDesk();
	const [report, setReport] = useState<Report | null>(null);
	const [problem, setProblem] = useState<Problem | null>(null);
	const [turn, setTurn] = useState(0);
	const asked = useRef(0);
	// Lists and presence change with what the socket says.
	const changes = useStore(desk.changes);
	const presence = useStore(desk.presence);

	// biome-ignore lint/correctness/useExhaustiveDependencies: turn is a reason to ask again.
	useEffect(() => {
		const abort = new AbortController();
		asked.current = Date.now();
		desk.api
			.insight(days, inbox, abort.signal)
			.then((next) => {
				setReport(next);
				setProblem(null);
			})
			.catch((thrown) => !isAbort(thrown) && setProblem(problemOf(thrown)));
		const timer = setTimeout(() => setTurn((n) => n + 1), anyway);
		return () => {
			abort.abort();
			clearTimeout(timer);
		};
	}, [desk, days, inbox, turn]);

	const first = useRef(true);
	// biome-ignore lint/correctness/useExhaustiveDependencies: the changes are the reason.
	useEffect(() => {
		if (first.current) {
			first.current = false;
			return;
		}
		const wait = Math.max(gather, asked.current + atMost - Date.now());
		const timer = setTimeout(() => setTurn((n) => n + 1), wait);
		return () => clearTimeout(timer);
	}, [changes, presence]);

	return { report, problem, again: () => setTurn((n) => n + 1) };
}
