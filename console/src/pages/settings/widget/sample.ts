import type { Shown } from '../../../preview';
import type { Entry, Inbox, InboxSettings, Sender } from '../../../protocol';
import { t } from '../../../text';

export type Scene = 'home' | 'talk';

const conversation = '00000000-0000-7000-8000-000000000000';
const at = new Date(new Date().setHours(10, 4, 0, 0)).toISOString();

/** What the preview shows: the settings as a customer's widget gets them, and a conversation that shows all speakers. */
export function sample(scene: Scene, inbox: Inbox, settings: InboxSettings): Pick<Shown, 'session' | 'entries'> {
	const entries = scene === 'talk' ? talk() : [];
	return {
		entries,
		session: {
			customer: '',
			visitor_token: '',
			socket_token: '',
			file_token: '',
			level: 'anonymous',
			inbox: {
				name: inbox.name,
				brand: settings.brand || inbox.name,
				bot: '',
				greeting: settings.greeting,
				starters: (settings.starters ?? []).map((line) => line.trim()).filter(Boolean),
				online: true,
				colour: settings.colour,
			},
			conversations: entries.length
				? [{ id: conversation, subject: '', status: 'open', last_seq: entries.length, at }]
				: [],
		},
	};
}

function talk(): Entry[] {
	const mira: Sender = { kind: 'agent', id: 'preview', name: 'Mira Holm' };
	const cited = {
		n: 1,
		article: 'preview',
		version: 'preview',
		number: 1,
		external_id: '',
		title: t('widget.sample.article'),
		score: 1,
		spans: [],
	};
	const entry = (seq: number, from: Sender, rest: Partial<Entry>): Entry => ({
		conversation,
		log: 'public',
		seq,
		client_id: `preview-${seq}`,
		at,
		from,
		kind: 'message',
		...rest,
	});
	return [
		entry(1, { kind: 'customer' }, { text: t('widget.sample.question') }),
		entry(
			2,
			{ kind: 'bot' },
			{
				text: t('widget.sample.answer'),
				answer: { turn: 'preview', action: 'answer', confidence: 1, citations: [cited] },
			},
		),
		entry(
			3,
			{ kind: 'system' },
			{ kind: 'owner', change: { from: 'queue', to: 'agent', status: 'open', epoch: 2, name: mira.name ?? '' } },
		),
		entry(4, mira, { text: t('widget.sample.agent') }),
	];
}
