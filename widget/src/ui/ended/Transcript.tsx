// The conversation by e-mail: asked for in one tap where the address is known, else typed. It stays until that is taken,
// so that a refusal is seen.

import type { Client } from '../../core/client';
import { fill, t } from '../../text/words';
import { after, draw, stateOf } from '../draw';
import { Email, Form, mailing } from '../form/Form';

const formOf = stateOf(() => ({ email: '', wrong: '', other: false, shown: false, asked: false }));

interface Props {
	client: Client;
	/** One opening of the form: another one begins anew. */
	of: object;
	/** Where the customer can be written to, as the log says; "" if it does not. */
	known: string;
	close: () => void;
}

export function Transcript({ client, of, known, close }: Props) {
	const form = formOf(of);
	const { sent, busy, waits, error, field, drop, send } = mailing(client, 'transcript', form, 'mail-to');
	const type = form.other || !known;
	if (form.asked && !sent) after(close);
	form.asked = waits;
	const submit = () => {
		const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
		send(zone ? { zone } : {}, type ? undefined : known);
	};
	if (!form.shown) after(() => document.querySelector<HTMLElement>('.mail input, .mail .primary')?.focus());
	form.shown = true;
	return (
		<Form class="card form mail" submit={submit}>
			{type ? (
				<Email {...field} about="mail-use" />
			) : (
				error && (
					<p class="bad" role="alert">
						{error}
					</p>
				)
			)}
			<div class="two">
				<button type="submit" class="btn primary" disabled={waits}>
					{busy || (type ? t.mailSend : fill(t.mailTo, { email: known }))}
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
				<button
					type="button"
					class="btn"
					onclick={() => {
						drop();
						close();
					}}
				>
					{t.skip}
				</button>
			</div>
			<p class="hint" id="mail-use">
				{t.mailUse}
			</p>
		</Form>
	);
}
