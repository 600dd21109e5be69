// The step in which a customer confirms who they are: an address, then the code that was sent there. The log asks for
// it, and the log says when it is done; then this goes away.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { Client } from '../../core/client';
import { derive } from '../../core/state';
import type { CodeSent } from '../../protocol';
import * as text from '../../text/person';
import { problem } from './address';
import { checkCode, Problem, sendCode } from './identity';

/** A letter is there within seconds; who asks again at once makes the first one void. */
const againAfter = 30;

export function Verify({ client }: { client: Client }) {
	const [email, setEmail] = useState(derive(client.log.entries).email);
	const [sent, setSent] = useState<CodeSent>();
	const { busy, error, dead, act, clear } = useAct();
	const send = () => act(async () => setSent(await sendCode(client, email.trim())));
	return (
		<section class="card verify" aria-labelledby="verify">
			<h2 id="verify">{sent ? text.codeEnter : text.verify}</h2>
			{sent ? (
				<Code
					key={sent.until}
					sent={sent}
					busy={busy}
					error={error}
					dead={dead}
					clear={clear}
					check={(code) => act(async () => void (await checkCode(client, code)))}
					again={send}
					other={() => {
						clear();
						setSent(undefined);
					}}
				/>
			) : (
				<Address email={email} set={setEmail} busy={busy} error={error} clear={clear} send={send} />
			)}
		</section>
	);
}

/** One request at a time, and what became of it. dead: the code in hand is of no more use. */
function useAct() {
	const [busy, setBusy] = useState(false);
	const [error, setError] = useState('');
	const [dead, setDead] = useState(false);
	const clear = () => {
		setError('');
		setDead(false);
	};
	const act = async (does: () => Promise<void>) => {
		if (busy) return;
		setBusy(true);
		clear();
		try {
			await does();
		} catch (e) {
			setError(e instanceof Error ? e.message : String(e));
			setDead(e instanceof Problem && ['rate_limited', 'stale', 'not_found'].includes(e.code));
		}
		setBusy(false);
	};
	return { busy, error, dead, act, clear };
}

interface AddressProps {
	email: string;
	set: (email: string) => void;
	busy: boolean;
	error: string;
	clear: () => void;
	send: () => void;
}

function Address({ email, set, busy, error, clear, send }: AddressProps) {
	const [wrong, setWrong] = useState('');
	const field = useRef<HTMLInputElement>(null);
	const said = wrong || error;
	return (
		<form
			class="form"
			noValidate
			onSubmit={(e) => {
				e.preventDefault();
				const words = problem(email.trim());
				setWrong(words);
				if (words) field.current?.focus();
				else send();
			}}
		>
			<p id="verify-why">{text.verifyWhy}</p>
			<label for="verify-email">{text.email}</label>
			<input
				ref={field}
				id="verify-email"
				type="email"
				autocomplete="email"
				maxLength={254}
				value={email}
				aria-invalid={said ? 'true' : undefined}
				aria-describedby={said ? 'verify-error' : 'verify-why'}
				onInput={(e) => {
					set(e.currentTarget.value);
					setWrong('');
					clear();
				}}
			/>
			<Bad words={said} />
			<button type="submit" class="btn primary" disabled={busy}>
				{busy ? text.sending : text.codeSend}
			</button>
		</form>
	);
}

interface CodeProps {
	sent: CodeSent;
	busy: boolean;
	error: string;
	dead: boolean;
	clear: () => void;
	check: (code: string) => void;
	again: () => void;
	other: () => void;
}

function Code({ sent, busy, error, dead, clear, check, again, other }: CodeProps) {
	const [code, setCode] = useState('');
	const left = useSeconds(againAfter);
	const field = useRef<HTMLInputElement>(null);
	const [before, after] = text.codeSent(sent.until);
	const digits = code.replace(/\D/g, '');
	useEffect(() => field.current?.focus(), []);
	// A wrong code is typed over, not deleted first.
	useEffect(() => {
		if (error && !dead) field.current?.select();
	}, [error, dead]);
	return (
		<form
			class="form"
			noValidate
			onSubmit={(e) => {
				e.preventDefault();
				if (!dead) check(code);
			}}
		>
			<p id="verify-sent">
				{before}
				<b>{sent.email}</b>
				{after}
			</p>
			<label for="verify-code">{text.codeLabel}</label>
			<input
				ref={field}
				id="verify-code"
				class="digits"
				inputMode="numeric"
				autocomplete="one-time-code"
				// Room for a code that is pasted with signs between.
				maxLength={16}
				value={code}
				disabled={dead}
				aria-invalid={error ? 'true' : undefined}
				aria-describedby={error ? 'verify-error' : 'verify-sent'}
				onInput={(e) => {
					const { value } = e.currentTarget;
					setCode(value);
					clear();
					// All six at once, not the last of them typed: a paste, or the keyboard's offer.
					if (value.replace(/\D/g, '').length === 6 && (e as InputEvent).data?.length !== 1) check(value);
				}}
			/>
			<Bad words={error} />
			{!dead && (
				<button type="submit" class="btn primary" disabled={busy || digits.length !== 6}>
					{busy ? text.codeChecking : text.codeConfirm}
				</button>
			)}
			<div class="two">
				<button
					type="button"
					class={dead ? 'btn primary' : 'btn'}
					disabled={busy || (!dead && left > 0)}
					onClick={again}
				>
					{left > 0 && !dead ? text.codeAgainIn(left) : text.codeAgain}
				</button>
				<button type="button" class="btn" disabled={busy} onClick={other}>
					{text.codeOther}
				</button>
			</div>
		</form>
	);
}

function Bad({ words }: { words: string }) {
	return words ? (
		<p class="bad" id="verify-error" role="alert">
			{words}
		</p>
	) : null;
}

/** Counts down to 0. */
function useSeconds(from: number): number {
	const [left, setLeft] = useState(from);
	useEffect(() => {
		const end = Date.now() + from * 1000;
		const timer = setInterval(() => {
			const now = Math.max(0, Math.ceil((end - Date.now()) / 1000));
			setLeft(now);
			if (!now) clearInterval(timer);
		}, 1000);
		return () => clearInterval(timer);
	}, [from]);
	return left;
}
