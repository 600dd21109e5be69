// Where the customer leaves an address for the answer: a card of its own, or inside that of the place in line.

import type { Client } from '../../core/client';
import { t } from '../../text/words';
import { draw, stateOf } from '../draw';
import { problem } from '../form/address';
import { adopt } from '../form/sheet';

adopt();

const formOf = stateOf(() => ({ email: '', name: '', wrong: '' }));

export function Contact({ client, inside }: { client: Client; inside?: boolean }) {
	const form = formOf(client);
	const sent = client.pending.find((i) => i.frame.t === 'contact');
	const waits = !!sent && !sent.failed;
	const error = form.wrong || sent?.failed;
	const drop = () => sent && client.discard(sent.frame.d.client_id);
	const check = () => {
		form.wrong = problem(form.email.trim());
		draw();
		return !form.wrong;
	};
	const submit = (e: Event) => {
		e.preventDefault();
		if (!check()) document.getElementById('email')?.focus();
		else {
			drop();
			client.act('contact', { email: form.email.trim(), name: form.name.trim() });
		}
	};
	const it = (
		<form class="form" noValidate onsubmit={submit}>
			<label for="name">{t.name}</label>
			<input
				id="name"
				autocomplete="name"
				maxLength={80}
				dir="auto"
				value={form.name}
				oninput={(e) => {
					form.name = e.currentTarget.value;
					draw();
				}}
			/>
			<label for="email">{t.email}</label>
			<input
				id="email"
				type="email"
				autocomplete="email"
				maxLength={254}
				value={form.email}
				aria-invalid={error ? 'true' : null}
				aria-describedby={error ? 'email-error' : 'email-use'}
				oninput={(e) => {
					form.email = e.currentTarget.value;
					form.wrong = '';
					if (sent?.failed) drop();
					draw();
				}}
				onblur={() => form.email && check()}
			/>
			{error && (
				<p class="bad" id="email-error" role="alert">
					{error}
				</p>
			)}
			<button type="submit" class="btn primary" disabled={waits}>
				{!waits ? t.emailSend : client.connection.phase === 'up' ? t.sending : t.waiting}
			</button>
			<p class="hint" id="email-use">
				{t.emailUse}
			</p>
		</form>
	);
	return inside ? it : <div class="card">{it}</div>;
}
