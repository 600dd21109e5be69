// Where the customer leaves an address for the answer: a card of its own, or inside that of the place in line.

import type { Client } from '../../core/client';
import { t } from '../../text/words';
import { stateOf } from '../draw';
import { Email, Field, Form, mailing } from '../form/Form';

const formOf = stateOf(() => ({ email: '', name: '', wrong: '' }));

export function Contact({ client, inside }: { client: Client; inside?: boolean }) {
	const form = formOf(client);
	const { busy, waits, field, check, send } = mailing(client, 'contact', form, 'email');
	const it = (
		<Form submit={() => send({ name: form.name.trim() })}>
			<Field
				id="name"
				label={t.name}
				autocomplete="name"
				maxLength={80}
				dir="auto"
				value={form.name}
				take={(name) => {
					form.name = name;
				}}
			/>
			<Email {...field} about="email-use" onblur={() => form.email && check()} />
			<button type="submit" class="btn primary" disabled={waits}>
				{busy || t.emailSend}
			</button>
			<p class="hint" id="email-use">
				{t.emailUse}
			</p>
		</Form>
	);
	return inside ? it : <div class="card">{it}</div>;
}
