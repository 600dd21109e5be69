// What the widget says by itself: a small bubble with one message, at most once a visit. A click opens the window with
// it; what the customer writes then answers it.

import { Box } from '../../core/storage';
import type { ProactiveRule } from '../../protocol';
import { t } from '../../text/words';
import type { VNode } from '../../vnode';
import type { App } from '../App';
import { patch } from '../dom';
import { draw } from '../draw';
import { Icon, x } from '../Icon';
import { Mark } from '../parts';
import { adopt } from '../sheet';
import css from './proactive.css?inline';
import { pick, type Seen } from './rules';

adopt(css);

/** Until its height is known: three lines. */
const guess = 110;
/** Ends with the tab: a visit. */
const visit = new Box('frontdesk:visit:', () => sessionStorage);

let url = '';
let since = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let shown: HTMLElement | undefined;

/** Looks whether it is time; to be called whenever something changes. */
export function serve(app: App): void {
	const { client, frame } = app;
	if (frame.visible) {
		visit.set('over', true); // whoever had the chat open knows where it is
		hide(app);
	}
	const { url: at = '' } = client.page;
	if (at !== url) {
		url = at;
		since = Date.now();
		hide(app); // it was about the page before
	}
	clearTimeout(timer);
	if (frame.standalone || !at || visit.get('over') || client.conversations.some((c) => c.status === 'open')) return;
	const seen = client.box.get<Record<string, Seen>>('openers') ?? {};
	const { proactive = [], online, opens_at } = client.face ?? {};
	const now = Date.now();
	const rule = pick(proactive, { url: at, language: navigator.language, closed: !online && !!opens_at, now, seen });
	if (!rule) return;
	const left = since + rule.after * 1000 - now;
	if (left > 0) timer = setTimeout(draw, left);
	else if (document.hidden) addEventListener('visibilitychange', draw, { once: true });
	else show(app, rule);
}

function show(app: App, rule: ProactiveRule): void {
	const { client, frame } = app;
	visit.set('over', true);
	remember(app, rule, {});
	const open = () => {
		count(app, rule, 'opened');
		answer(app, rule);
		frame.say({ t: 'open' });
	};
	const dismiss = () => {
		remember(app, rule, { no: true });
		hide(app);
	};
	const bubble = patch(
		undefined,
		(
			<div class="peek" role="status">
				<button type="button" onclick={open}>
					<Mark />
					<span class="by">
						<b>{client.face?.brand}</b> {t.automatic}
					</span>
					<span dir="auto">{rule.text}</span>
				</button>
				<button type="button" class="icon" aria-label={t.dismiss} onclick={dismiss}>
					<Icon d={x} />
				</button>
			</div>
		) as VNode,
	) as HTMLElement;
	shown = bubble;
	document.body.append(bubble);
	new ResizeObserver(() => bubble === shown && frame.wear({ peek: bubble.offsetHeight || guess })).observe(bubble);
	frame.wear({ peek: guess });
	count(app, rule, 'shown');
}

function hide({ frame }: App): void {
	if (!shown) return;
	shown.remove();
	shown = undefined;
	frame.wear({ peek: 0 });
}

/** The window greets with the message, and the first words of a conversation say that they answer it. */
function answer({ client }: App, rule: ProactiveRule): void {
	if (client.face) client.face = { ...client.face, greeting: rule.text };
	const act = client.act;
	client.act = (kind, d, failed) =>
		act.call(client, kind, kind === 'send' && !client.current ? { ...d, opener: rule.id } : d, failed);
}

function remember({ client }: App, rule: ProactiveRule, more: Partial<Seen>): void {
	const seen = client.box.get<Record<string, Seen>>('openers') ?? {};
	client.box.set('openers', { ...seen, [rule.id]: { at: Date.now(), ...more } });
}

/** Says what became of it, and nothing of who it was. A count that is lost is lost. */
function count({ inbox }: App, rule: ProactiveRule, what: 'shown' | 'opened'): void {
	fetch('/v1/proactive', {
		method: 'POST',
		body: JSON.stringify({ inbox, rule: rule.id, what }),
		keepalive: true,
	}).catch(() => {});
}
