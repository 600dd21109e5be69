// The conversation by e-mail: asked for in one tap where the address is known, else typed.

import type { Client } from '../../core/client';
import { fill, t } from '../../text/words';
import { after, draw, stateOf } from '../draw';
import { problem } from '../form/address';

const formOf = stateOf(() => ({ email: '', wrong: '', other: false, shown: false }));

/** known: where the customer can be written to, as the log says; "" if it does not. */
export function Transcript({ client, known, close }: { client: Client; known: string; close: () => void }) {
	const form = formOf(client);
	const sent = client.pending.find((i) => i.frame.t === 'transcript');
	const error = form.wrong || sent?.failed;
	const type = form.other || !known;
	const ask = (email: string) => {
		if (sent) client.discard(sent.frame.d.client_id);
		const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
		client.act('transcript', { email, ...(zone && { zone }) });
		close();
	};
	const submit = (e: Event) => {
		e.preventDefault();
		const email = type ? form.email.trim() : known;
		form.wrong = problem(email);
		draw();
		if (form.wrong) document.getElementById('mail-to')?.focus();
		else ask(email);
	};
	if (!form.shown) after(() => document.querySelector<HTMLElement>('.mail input, .mail .primary')?.focus());
	form.shown = true;
	return (
		<form class="card form mail" noValidate onsubmit={submit}>
			{type && <label for="mail-to">{t.email}</label>}
			{type && (
				<input
					id="mail-to"
					type="email"
					autocomplete="email"
					maxLength={254}
					value={form.email}
					aria-invalid={error ? 'true' : null}
					aria-describedby={error ? 'mail-error' : 'mail-use'}
					oninput={(e) => {
						form.email = e.currentTarget.value;
						form.wrong = '';
						draw();
					}}
				/>
			)}
			{error && (
				<p class="bad" id="mail-error" role="alert">
					{error}
				</p>
			)}
			<div class="two">
				<button type="submit" class="btn primary">
					{type ? t.mailSend : fill(t.mailTo, { email: known })}
				</button>
				{!type && (
					<button
						type="button"
						class="btn"
						onclick={() => {
							form.other = true;
							form.shown = false;
							draw();
						}}
					>
						{t.codeOther}
					</button>
				)}
				<button type="button" class="btn" onclick={close}>
					{t.skip}
				</button>
			</div>
			<p class="hint" id="mail-use">
				{t.mailUse}
			</p>
		</form>
	);
}
