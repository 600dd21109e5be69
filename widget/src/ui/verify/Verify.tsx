// The step in which a customer confirms who they are: an address, then the code that was sent there. The log asks for
// it, and the log says when it is done; then this goes away.

import type { Client } from '../../core/client';
import type { CodeSent } from '../../protocol';
import { clock } from '../../text/time';
import { fill, parts, t } from '../../text/words';
import { draw, stateOf } from '../draw';
import { Email, Field, Form, focus, problem } from '../form/Form';
import { adopt } from '../sheet';
import { checkCode, Problem, sendCode } from './identity';
import css from './verify.css?inline';

adopt(css);

/** A letter is there within seconds; who asks again at once makes the first one void. */
const againAfter = 30_000;

/** One request at a time, and what became of it. */
class Step {
	email: string;
	code = '';
	sent: CodeSent | undefined;
	busy = false;
	error = '';
	/** The code in hand is of no more use. */
	dead = false;
	again = 0;
	readonly #client: Client;

	constructor(client: Client, email: string) {
		this.#client = client;
		this.email = email;
	}

	clear(): void {
		this.error = '';
		this.dead = false;
		draw();
	}

	send(): Promise<void> {
		return this.#act(async () => {
			this.sent = await sendCode(this.#client, this.email.trim());
			this.code = '';
			this.again = Date.now() + againAfter;
			focus('verify-code');
		});
	}

	check(code: string): Promise<void> {
		return this.#act(async () => void (await checkCode(this.#client, code)));
	}

	other(): void {
		this.sent = undefined;
		this.clear();
	}

	async #act(does: () => Promise<void>): Promise<void> {
		if (this.busy) return;
		this.busy = true;
		this.clear();
		try {
			await does();
		} catch (e) {
			this.error = e instanceof Error ? e.message : String(e);
			this.dead = e instanceof Problem && ['rate_limited', 'stale', 'not_found'].includes(e.code);
			// A wrong code is typed over, not deleted first.
			if (this.sent && !this.dead) focus('verify-code');
		}
		this.busy = false;
		draw();
	}
}

const steps = stateOf(() => new Map<string, Step>());

/** email is the address that is known already. */
export function Verify({ client, email }: { client: Client; email: string }) {
	const all = steps(client);
	const step = all.get(client.current) ?? new Step(client, email);
	all.set(client.current, step);
	return (
		<section class="card verify" aria-labelledby="verify">
			<h2 id="verify">{step.sent ? t.codeEnter : t.verify}</h2>
			{step.sent ? <Code key="code" step={step} sent={step.sent} /> : <Address key="address" step={step} />}
		</section>
	);
}

function Address({ step }: { step: Step }) {
	const { error, busy } = step;
	const submit = () => {
		step.error = problem(step.email.trim());
		if (step.error) focus('verify-email');
		else step.send();
	};
	return (
		<Form submit={submit}>
			<p id="verify-why">{t.verifyWhy}</p>
			<Email
				id="verify-email"
				value={step.email}
				error={error}
				about="verify-why"
				take={(email) => {
					step.email = email;
					step.clear();
				}}
			/>
			<button type="submit" class="btn primary" disabled={busy}>
				{busy ? t.sending : t.codeSend}
			</button>
		</Form>
	);
}

let tick: ReturnType<typeof setTimeout> | undefined;

function Code({ step, sent }: { step: Step; sent: CodeSent }) {
	const { busy, error, dead, code } = step;
	const left = dead ? 0 : Math.max(0, Math.ceil((step.again - Date.now()) / 1000));
	const digits = code.replace(/\D/g, '');
	if (left) {
		clearTimeout(tick);
		tick = setTimeout(draw, 1000);
	}
	return (
		<Form
			submit={() => {
				if (!dead) step.check(code);
			}}
		>
			<p id="verify-sent">{parts(t.codeSent, { email: <b>{sent.email}</b>, time: clock(sent.until) })}</p>
			<Field
				id="verify-code"
				label={t.codeLabel}
				class="digits"
				inputMode="numeric"
				autocomplete="one-time-code"
				// Room for a code that is pasted with signs between.
				maxLength={16}
				value={code}
				disabled={dead}
				error={error}
				about="verify-sent"
				take={(typed, e) => {
					step.code = typed;
					step.clear();
					// All six at once, not the last of them typed: a paste, or the keyboard's offer.
					if (typed.replace(/\D/g, '').length === 6 && e.data?.length !== 1) step.check(typed);
				}}
			/>
			{!dead && (
				<button type="submit" class="btn primary" disabled={busy || digits.length !== 6}>
					{busy ? t.codeChecking : t.codeConfirm}
				</button>
			)}
			<div class="two">
				<button
					type="button"
					class={dead ? 'btn primary' : 'btn'}
					disabled={busy || left > 0}
					onclick={() => step.send()}
				>
					{left > 0 ? fill(t.codeAgainIn, { n: left }) : t.codeAgain}
				</button>
				<button type="button" class="btn" disabled={busy} onclick={() => step.other()}>
					{t.codeOther}
				</button>
			</div>
		</Form>
	);
}
