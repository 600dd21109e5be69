// What the forms of the window are made of: a field with its name and what is wrong with it, and the way of an address to
// the server.

import type { Client } from '../../core/client';
import { t } from '../../text/words';
import type { Child } from '../../vnode';
import { draw } from '../draw';
import { adopt } from '../sheet';
import css from './form.css?inline';

adopt(css);

interface Fields {
	class?: string;
	submit: () => void;
	children?: Child;
}

/** A form that says itself what is wrong. */
export const Form = ({ class: of = 'form', submit, children }: Fields) => (
	<form
		class={of}
		noValidate
		onsubmit={(e) => {
			e.preventDefault();
			submit();
		}}
	>
		{children}
	</form>
);

interface Typing {
	id: string;
	value: string;
	/** What was typed or pasted is taken. */
	take: (value: string, e: InputEvent) => void;
	/** What is wrong with it. */
	error?: string | undefined;
	/** Id of what is said about it while nothing is. */
	about?: string;
	onblur?: () => void;
}

interface Input extends Typing {
	label: string;
	/** Attributes of the field. */
	[attribute: string]: unknown;
}

// Children it has none: what is more are attributes.
export const Field = ({ id, label, take, error, about, children, ...more }: Input) => (
	<>
		<label for={id}>{label}</label>
		<input
			id={id}
			{...more}
			aria-invalid={error ? 'true' : null}
			aria-describedby={error ? `${id}-error` : about}
			oninput={(e) => {
				take(e.currentTarget.value, e as unknown as InputEvent);
				draw();
			}}
		/>
		{error && (
			<p class="bad" id={`${id}-error`} role="alert">
				{error}
			</p>
		)}
	</>
);

export const Email = (of: Typing) =>
	Field({ label: t.email, type: 'email', autocomplete: 'email', maxLength: 254, ...of });

/** What is wrong with an e-mail address, in words for who typed it; "" when nothing is. */
export function problem(email: string): string {
	if (!/^[^@\s]+@[^@\s]/.test(email)) return t.emailAt;
	return /\.[^.\s@]{2,}$/.test(email) ? '' : t.emailCut;
}

/** After the drawing that is due. */
export function focus(id: string): void {
	draw();
	setTimeout(() => {
		const field = document.getElementById(id) as HTMLInputElement | null;
		field?.focus();
		field?.select();
	});
}

/** An address that is being typed. */
export interface Typed {
	email: string;
	wrong: string;
}

/** The way of an address to the server, in a frame of a kind: what the form with that field shows of it. */
export function mailing(client: Client, kind: 'contact' | 'transcript', form: Typed, id: string) {
	const sent = client.pending.find((i) => i.frame.t === kind);
	const failed = sent?.failed;
	const waits = !!sent && !failed;
	/** Takes away what was refused. */
	const drop = () => failed && client.discard(sent.frame.d.client_id);
	const check = (email = form.email.trim()) => {
		form.wrong = problem(email);
		draw();
		return !form.wrong;
	};
	return {
		sent,
		waits,
		drop,
		check,
		/** What its button says meanwhile. */
		busy: waits && (client.connection.phase === 'up' ? t.sending : t.waiting),
		error: form.wrong || failed,
		/** What the field needs. */
		field: {
			id,
			value: form.email,
			error: form.wrong || failed,
			take: (email: string) => {
				form.email = email;
				form.wrong = '';
				drop();
			},
		},
		send: (more: object, email = form.email.trim()) => {
			if (!check(email)) focus(id);
			else if (!waits) {
				drop();
				client.act(kind, { email, ...more } as never);
			}
		},
	};
}
