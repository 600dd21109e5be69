import { useEffect, useRef, useState } from 'react';
import { problemOf } from '../../api';
import { useCommands } from '../../commands';
import { useDesk, useNow } from '../../context';
import { due } from '../../format';
import type { PromiseFound } from '../../protocol';
import { t } from '../../text';
import { Button, IconButton } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { modKey } from '../../ui/keys';
import { uuidv7 } from '../../uuid';
import { NewPromise } from './PromiseDialogs';

// A pause in typing: no question for every letter.
const askAfter = 350;
// Nobody promises anything in less.
const shortest = 12;

interface PromiseBarProps {
	conversation: string;
	/** What is being written to the customer; '' for a note, and once it is sent. */
	text: string;
}

/**
 * What the reply promises for a time, to be recorded by one key: P, or Alt+P while writing. It never stands in the
 * way of sending, and stays after it until the promise is recorded or waved away. Where nothing is found, P asks.
 */
export function PromiseBar({ conversation, text }: PromiseBarProps) {
	const desk = useDesk();
	const now = useNow();
	const [found, setFound] = useState<PromiseFound[]>([]);
	const [done, setDone] = useState<string[]>([]);
	const [said, setSaid] = useState('');
	const [busy, setBusy] = useState(false);
	const [asking, setAsking] = useState(false);
	// A promise that is sent twice is recorded once.
	const ids = useRef(new Map<string, string>());

	useEffect(() => {
		if (text.trim().length < shortest) {
			// What was cleared by hand is gone; what was sent has been asked about already.
			return;
		}
		let stale = false;
		const timer = setTimeout(async () => {
			try {
				const { data } = await desk.api.findPromises(conversation, { text });
				if (!stale) setFound(data ?? []);
			} catch {
				// A help that is not there now. The promise can be recorded later.
			}
		}, askAfter);
		return () => {
			stale = true;
			clearTimeout(timer);
		};
	}, [desk, conversation, text]);

	const open = found.filter((f) => !done.includes(f.text));
	const [first] = open;
	const record = async (promise: PromiseFound) => {
		if (busy) return;
		setBusy(true);
		const id = ids.current.get(promise.text) ?? uuidv7();
		ids.current.set(promise.text, id);
		try {
			const made = await desk.api.recordPromise(conversation, { client_id: id, text: promise.text, due: promise.due });
			setDone([...done, promise.text]);
			setSaid(t('promise.recorded', { number: made.number }));
		} catch (thrown) {
			setSaid(problemOf(thrown).message);
		} finally {
			setBusy(false);
		}
	};
	useCommands({ promise: () => (first ? void record(first) : setAsking(true)) });
	useEffect(() => {
		if (!first) return;
		const listen = (event: KeyboardEvent) => {
			if (event.altKey && !event.ctrlKey && !event.metaKey && event.code === 'KeyP') {
				event.preventDefault();
				void record(first);
			}
		};
		document.addEventListener('keydown', listen);
		return () => document.removeEventListener('keydown', listen);
	});

	const dialog = asking && <NewPromise conversation={conversation} onClose={() => setAsking(false)} onDone={setSaid} />;
	if (!first && !said) return dialog || null;
	return (
		<section className="promise-bar" aria-label={t('promise.region')}>
			{first && (
				<div className="promise-found">
					<Icon name="receipt" />
					<span className="cut" title={first.text}>
						<b>{t('promise.found')}</b> {t('promise.foundBy', { text: first.text, time: due(first.due, now) })}
					</span>
					<Button hint={modKey === '⌘' ? '⌥ P' : 'Alt P'} busy={busy} onPress={() => record(first)}>
						{t('promise.record')}
					</Button>
					<IconButton icon="x" label={t('promise.dismiss')} onPress={() => setDone([...done, first.text])} />
				</div>
			)}
			<p role="status" className={said && !first ? 'promise-said' : 'sr'}>
				{said}
			</p>
			{dialog}
		</section>
	);
}
