import { type FormEvent, useState } from 'react';
import { problemOf } from '../api';

/** Sends the form of a dialog, once at a time and only when it is complete; what went wrong stays there in words. */
export function useSubmit(send: () => Promise<void>) {
	const [problem, setProblem] = useState('');
	const [busy, setBusy] = useState(false);
	const submit = async (event: FormEvent | undefined, complete: boolean) => {
		event?.preventDefault();
		if (busy || !complete) return;
		setBusy(true);
		setProblem('');
		try {
			await send();
		} catch (thrown) {
			setProblem(problemOf(thrown).message);
			setBusy(false);
		}
	};
	return { submit, problem, busy };
}
