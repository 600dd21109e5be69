// What every page of Settings does until its value has come, or has failed to.

import { useCallback, useEffect, useState } from 'react';
import { type Problem, problemOf } from '../../api';
import { useLate } from '../../context';
import { t } from '../../text';
import { Button } from '../../ui/Button';
import { Bone, Failure } from '../../ui/parts';

/** Loads something once, and again on demand. */
export function useLoaded<T>(load: () => Promise<T>): {
	value: T | null;
	set: (value: T) => void;
	problem: Problem | null;
	late: boolean;
	reload: () => void;
} {
	const [value, set] = useState<T | null>(null);
	const [problem, setProblem] = useState<Problem | null>(null);
	const late = useLate(value === null && !problem);
	const reload = useCallback(() => {
		setProblem(null);
		load().then(set, (thrown) => setProblem(problemOf(thrown)));
	}, [load]);
	useEffect(reload, [reload]);
	return { value, set, problem, late, reload };
}

export function LoadFailure({ problem, retry }: { problem: Problem; retry: () => void }) {
	return (
		<Failure title={t('settings.failed')} retry={<Button onPress={retry}>{t('retry')}</Button>}>
			{problem.message}
		</Failure>
	);
}

export function Bones() {
	return (
		<div className="form-bones" role="status" aria-label={t('app.loading')}>
			{['28%', '64%', '40%', '72%', '36%', '60%'].map((width) => (
				<Bone key={width} width={width} height={12} />
			))}
		</div>
	);
}
