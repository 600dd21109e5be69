// The widget in each of its states, the same to the pixel each time: the real app from the real gateway, which is told by
// a scripted server what was said, at a time that stands still.
import { PNG } from 'pngjs';
import { newPage } from './browser.mjs';
import { demo } from './demo.mjs';
import { site, until } from './product.mjs';
import { Widget } from './widget.mjs';

/** A Monday in November: the moment at which every scene is looked at. */
export const now = new Date('2026-11-23T10:04:00Z');
const conversation = '0192f000-0000-7000-8000-000000000001';
const ago = (minutes) => new Date(now.getTime() - minutes * 60_000).toISOString();
const ahead = (hours) => new Date(now.getTime() + hours * 3_600_000).toISOString();

const text = (words) => ({ t: 'text', text: words });
const p = (...kids) => ({ t: 'p', kids: kids.map((k) => (typeof k === 'string' ? text(k) : k)) });
const cite = (n) => ({ t: 'cite', n });
const row = (kind, cells) => ({ t: 'tr', kids: cells.map((c, i) => ({ t: kind, align: i ? 'right' : '', kids: [text(c)] })) });
const list = (t, ...items) => ({ t, kids: items.map((item) => ({ t: 'li', kids: [text(item)] })) });

const customer = { kind: 'customer' };
const bot = { kind: 'bot' };
const system = { kind: 'system' };
const mira = { kind: 'agent', id: 'mira', name: 'Mira Holm' };
const cited = (n, title) => ({ n, article: `a${n}`, version: `0192f000-0000-7000-8000-00000000001${n}`, number: 2, external_id: `a${n}`, title, url: 'https://kesselkorn.example/help', score: 0.9, spans: [{ start: 0, end: 10 }] });

const said = (from, rest) => ({ from, kind: 'message', ...rest });
const moved = (to, rest = {}) => ({ from: system, kind: 'owner', change: { from: 'bot', to, status: 'open', epoch: 2, ...rest } });
const asked = (words, minutes = 12) => ({ ...said(customer, { text: words }), at: ago(minutes) });
const answer = (rest = {}) => ({ turn: 't1', action: 'answer', confidence: 0.9, ...rest });

const burrs = asked('How do I clean the burrs of my M2?');
const cleaned = said(bot, {
	text: 'Unplug the grinder.',
	blocks: [
		p('The burrs come out without tools', cite(1), '.'),
		list('ol', 'Unplug the grinder and empty the hopper.', 'Turn the upper burr to the left until it clicks, and lift it out.', 'Brush both burrs dry. Water makes them rust.'),
		{ t: 'table', kids: [row('th', ['Cups a day', 'Clean every']), row('td', ['1 to 4', '6 weeks']), row('td', ['5 to 10', '3 weeks'])] },
		p('Grind a spoon of rice afterwards, and throw it away', cite(2), '.'),
	],
	answer: answer({ citations: [cited(1, 'Clean the burrs of the M2'), cited(2, 'Care of grinders, week by week')] }),
});
const parcel = asked('My parcel says delivered, but there is nothing here. I asked the neighbours.', 9);
const inQueue = [parcel, { ...moved('queue'), at: ago(4) }, { from: system, kind: 'notice', text: 'A person takes over from here.', notice: { kind: 'queued', place: 2, min_minutes: 3, max_minutes: 6 }, at: ago(4) }];
const withMira = [parcel, moved('queue'), moved('agent', { from: 'queue', epoch: 3, name: mira.name }), said(mira, { text: 'Hello, I am looking at KK-20418 now. The driver left it at number 14, with a name I can read as Hofer.' }), said(mira, { text: 'Do you know them?' }), said(customer, { text: 'Yes, two doors down. I will ask tonight.' })];

const withLabel = said(mira, { text: 'Thank you. Here is the label that we printed.', files: [{ id: '0192f000-0000-7000-8000-0000000000f2', name: 'label KK-20418.pdf', type: 'application/pdf', size: 182_000 }] });
const costs = said(bot, {
	text: '6.90 € to Austria.',
	blocks: [
		p('6.90 € to Austria, and nothing from 90 €. It takes 2 to 3 working days', cite(1), '.'),
		{ t: 'table', kids: [row('th', ['To', 'Cost', 'Free from', 'Days']), row('td', ['Germany', '4.90 €', '60 €', '1–2']), row('td', ['Austria', '6.90 €', '90 €', '2–3']), row('td', ['Switzerland', '14.90 €', '–', '4–6'])] },
		{ t: 'table', kids: [row('th', ['Service', 'To', 'Up to', 'Days', 'Cost']), row('td', ['Parcel', 'Austria', '10 kg', '2–3', '6.90 €']), row('td', ['Freight', 'Austria', '80 kg', '5–8', '39.00 €'])] },
	],
	answer: answer({ citations: [cited(1, 'Delivery times and costs')] }),
});
const inArabic = [
	asked('كيف أنظف شفرات المطحنة؟'),
	said(bot, {
		text: 'افصل المطحنة عن الكهرباء.',
		blocks: [p('يمكن إخراج الشفرات دون أدوات', cite(1), '.'), list('ol', 'افصل المطحنة عن الكهرباء وأفرغ الخزان.', 'أدر الشفرة العليا إلى اليسار ثم ارفعها.', 'نظف الشفرتين بفرشاة جافة، من دون ماء.')],
		answer: answer({ citations: [cited(1, 'تنظيف شفرات M2')] }),
	}),
];

/** Chooses files of zeros, by name and size. */
const choose = (frame, ...files) =>
	frame.locator('input[type=file]').evaluate((input, of) => {
		const chosen = new DataTransfer();
		for (const [name, size] of of) chosen.items.add(new File([new Uint8Array(size)], name));
		input.files = chosen.files;
		input.dispatchEvent(new Event('change'));
	}, files);

/**
 * The states, by name: what was said, what the screen must show, and what is done to get there. sizes are those that it
 * is looked at in, where they are not all; closed ones are looked at from outside, beside the launcher.
 */
export const scenes = {
	home: { shows: (f) => f.getByText('Talk to a person') },
	looking: { log: [{ ...burrs, at: ago(0) }], shows: (f) => f.getByText('Looking in the articles'), late: 700 },
	answer: { log: [burrs, cleaned], shows: (f) => f.getByText('Care of grinders') },
	article: {
		log: [burrs, cleaned],
		shows: (f) => f.getByRole('heading', { name: 'Clean the burrs of the M2' }),
		act: (w) => w.log.getByRole('list', { name: /source/ }).getByRole('button').first().click(),
	},
	choices: {
		log: [asked('It does not work.'), said(bot, { text: 'Which one is it?', blocks: [p('I want to be sure that I look in the right place. Which one is it?')], answer: answer({ action: 'clarify', choices: [{ label: 'The kettle does not heat', text: 'kettle' }, { label: 'The grinder does not start', text: 'grinder' }, { label: 'Something else', text: 'else' }] }) })],
		shows: (f) => f.getByRole('button', { name: 'Something else' }),
	},
	queue: { log: inQueue, shows: (f) => f.getByRole('heading', { name: /2nd in line/ }) },
	agent: { log: withMira, shows: (f) => f.getByText('two doors down') },
	offline: {
		log: [parcel, moved('queue'), { from: system, kind: 'notice', text: 'Nobody is at the desk right now. Leave your e-mail and you have an answer by tomorrow, 11:00 CET.', notice: { kind: 'offline', promised: ahead(24), ask_email: true } }],
		shows: (f) => f.getByLabel('Your e-mail'),
	},
	rating: {
		log: [...withMira, moved('agent', { from: 'agent', status: 'closed', epoch: 4, name: mira.name })].map((e, i, all) => (i === all.length - 1 ? { ...e, from: mira } : e)),
		shows: (f) => f.getByText('Start a new chat'),
	},
	menu: {
		log: [burrs, cleaned],
		face: { transcript: true },
		shows: (f) => f.getByRole('switch', { name: 'Sound for new messages' }),
		act: (w) => w.frame.getByRole('button', { name: 'More options' }).click(),
	},
	ending: {
		log: [burrs, cleaned],
		shows: (f) => f.getByText('until you write again'),
		act: async (w) => {
			await w.frame.getByRole('button', { name: 'More options' }).click();
			await w.frame.getByRole('button', { name: 'End this chat' }).click();
		},
	},
	trouble: {
		log: [burrs, cleaned],
		shows: (f) => f.getByText('Next try in'),
		cut: true,
		act: async ({ page, frame }) => {
			// The next try is twelve seconds away, less than a busy machine may look at this: it never comes.
			await frame.evaluate(() => {
				const later = setTimeout;
				window.setTimeout = (f, ms, ...rest) => (ms > 10_000 ? 0 : later(f, ms, ...rest));
			});
			await page.context().setOffline(true);
		},
	},
	files: {
		ready: (f) => f.locator('img').evaluateAll((all) => all.length > 0 && all.every((img) => img.complete && img.naturalWidth > 1)),
		log: [parcel, said(customer, { text: 'door.png', files: [{ id: '0192f000-0000-7000-8000-0000000000f1', name: 'door.png', type: 'image/png', size: 48_200, width: 160, height: 120 }] }), moved('agent', { from: 'queue', epoch: 3, name: mira.name }), withLabel],
		shows: (f) => f.getByText('label KK-20418.pdf'),
	},
	unread: {
		log: [parcel, moved('queue'), moved('agent', { from: 'queue', epoch: 3, name: mira.name })],
		later: said(mira, { text: 'Found it.' }),
		shows: (f) => f.getByText('Mira Holm joined'),
		closed: true,
	},
	bubble: {
		face: { proactive: [{ id: 'fit', text: 'Not sure whether the M2 or the M2 Pro fits? I can compare them for your brewer.', after: 0 }] },
		shows: (f) => f.getByText('Not sure whether'),
		unopened: true,
		closed: true,
	},
	upload: {
		log: [parcel],
		face: { files: { types: ['image/png', 'application/pdf'], max_bytes: 20e6, most: 5 } },
		sizes: ['phone'],
		shows: (f) => f.getByText('31 kB of 48 kB'),
		act: async ({ frame }) => {
			await choose(frame, ['door, from the street.png', 48_000], ['receipt.pdf', 91_000]);
			await frame.getByRole('textbox', { name: 'Your message' }).fill('This is the door.');
			await frame.getByRole('button', { name: 'Send' }).click();
			await choose(frame, ['The whole street.mov', 20_000_001]);
		},
	},
	verify: {
		log: [asked('Where is my order KK-20418?'), { from: system, kind: 'notice', text: 'To look at your orders I need to know that it is you.', notice: { kind: 'verify' } }],
		sizes: ['desktop'],
		shows: (f) => f.getByLabel('Your e-mail'),
	},
	tables: { log: [asked('What does delivery to Austria cost?'), costs], sizes: ['phone'], shows: (f) => f.getByText('Delivery times') },
	reason: {
		log: [burrs, cleaned],
		sizes: ['desktop'],
		shows: (f) => f.getByRole('button', { name: 'Skip' }),
		act: async ({ frame }) => {
			await frame.getByRole('button', { name: /No, this did not/ }).click();
			await frame.getByRole('group').getByRole('button').nth(3).click();
		},
	},
	arabic: { log: inArabic, locale: 'ar', sizes: ['phone'], shows: (f) => f.getByText('تنظيف شفرات M2') },
};

const face = {
	name: 'Kessel & Korn', brand: 'Kessel & Korn', bot: '', greeting: '', online: true, colour: '#8f4a1f',
	starters: ['Where is my parcel?', 'How do I clean the burrs of my M2?', 'What does delivery to Austria cost?'],
};

/** A demo, and a site of one colour that embeds its widget. */
export async function stageOf(t) {
	const d = await demo(t);
	// No language of its own: the browser's counts.
	const host = await site(t, () => `<!doctype html><html><title>Site</title><style>html{background:#d8d8d8}</style>${d.tag}`);
	await d.allow(host);
	return { ...d, host };
}

/** A page on which a scene is to be set. */
export async function scenePage(b, name = 'closed', options = {}) {
	const { locale = 'en-GB' } = scenes[name] ?? {};
	const page = await newPage(b, { reducedMotion: 'reduce', timezoneId: 'Europe/Berlin', viewport: { width: 1000, height: 800 }, locale, ...options });
	await page.clock.setFixedTime(now);
	// Lots that are drawn are the same each time; a lost connection is tried again after twelve seconds.
	await page.addInitScript(() => {
		Math.random = () => 24;
	});
	return page;
}

/** Sets a scene on a page: the widget is open and shows it. Gives the widget. */
export async function set(page, host, name, { shows } = {}) {
	const scene = scenes[name];
	const entries = (scene.log ?? []).map((e, i) => ({ conversation, log: 'public', seq: i + 1, client_id: `scene-${i}`, at: ago(8), ...e }));
	const summary = { id: conversation, subject: 'Parcel', status: 'open', last_seq: entries.length, at: ago(8) };
	let up = true;
	let say;
	const traffic = { begun: 0, ended: 0 };
	page.on('request', () => traffic.begun++);
	for (const end of ['requestfinished', 'requestfailed']) page.on(end, () => traffic.ended++);
	await page.route('**/v1/session', (route) =>
		up
			? route.fulfill({ json: { visitor_token: 'v', socket_token: 's', file_token: 'f', level: 'anonymous', inbox: { ...face, ...scene.face }, conversations: entries.length ? [summary] : [] } })
			: route.abort());
	await page.route('**/v1/files/links', (route) => route.fulfill({ json: { links: { '0192f000-0000-7000-8000-0000000000f1': '/widget/v1/logo?none', '0192f000-0000-7000-8000-0000000000f2': '/v1/files/f2' }, until: ahead(1) } }));
	await page.route('**/widget/v1/logo?none', (route) => route.fulfill({ contentType: 'image/png', body: grey }));
	await page.route('**/v1/articles/**', (route) => route.fulfill({ json: { title: 'Clean the burrs of the M2', url: 'https://kesselkorn.example/help', number: 2, tags: [], updated_at: '2026-11-03T09:00:00Z', minutes: 2, blocks: [p('Burrs that are clean grind evenly, and the coffee tastes as it should.'), { t: 'h', n: 2, kids: [text('What you need')] }, list('ul', 'The brush that came with the grinder', 'A dry cloth'), { t: 'h', n: 2, kids: [text('How it is done')] }, { t: 'ol', kids: [{ t: 'li', kids: [{ t: 'mark', kids: [text('Unplug the grinder and empty the hopper.')] }] }, { t: 'li', kids: [text('Turn the upper burr to the left, and lift it out.')] }] }, { t: 'note', kids: [p('Never use water: the burrs are of steel that rusts.')] }] } }));
	await page.route('**/v1/proactive', (route) => route.fulfill({ status: 204 }));
	// An upload that stands where it stands; a widget that is wanted before anybody opens it.
	await page.addInitScript(() => {
		XMLHttpRequest.prototype.send = function () {
			this.upload.onprogress({ loaded: 31_000 });
		};
		addEventListener('DOMContentLoaded', () => document.querySelector('script[data-inbox]')?.setAttribute('data-proactive', ''));
	});
	await page.routeWebSocket(/\/v1\/socket/, (ws) => {
		say = (t, d) => ws.send(JSON.stringify({ t, d }));
		ws.onMessage((data) => {
			const frame = JSON.parse(data);
			if (frame.t === 'hello') say('welcome', { customer: 'c', node: 'n', online: true });
			if (frame.t === 'hello' || frame.t === 'sync') for (const e of entries) say('entry', e);
		});
	});
	await page.goto(host);
	const widget = new Widget(page);
	if (name === 'closed') return widget;
	await page.locator('frontdesk-widget').waitFor({ state: 'attached' });
	const { width, height } = page.viewportSize();
	if (!scene.unopened) await page.mouse.click(width - 52, height - 52);
	widget.frame = await until('the frame', () => page.frame({ url: /widget\/v1\/frame/ }));
	widget.log = widget.frame.getByRole('log');
	if (!scene.unopened) await widget.frame.getByRole('textbox').first().waitFor();
	if (entries.length && !(await widget.frame.locator('[role=log]').count())) {
		// The conversation is the visitor's last: it is a tap away.
		await widget.frame.locator('section:last-of-type > .choice').click();
	}
	if (entries.length) await widget.frame.locator('[role=log]').waitFor();
	if (scene.cut) up = false;
	await scene.act?.(widget);
	await (shows ?? scene.shows)(widget.frame).first().waitFor();
	if (scene.later) {
		await page.mouse.click(width - 52, height - 52);
		await until('the window to close', async () => !(await widget.isOpen()));
		await widget.frame.evaluate(() => new Promise((ok) => setTimeout(ok, 50))); // it knows that it is closed
		await page.evaluate(() => addEventListener('frontdesk:unread', () => { document.title = 'unread'; }));
		say('entry', { conversation, log: 'public', seq: entries.length + 1, client_id: 'later', at: now.toISOString(), ...scene.later });
		await until('the badge', async () => (await page.title()) === 'unread');
	}
	if (scene.ready) await until(name, () => scene.ready(widget.frame));
	await page.mouse.move(0, 0);
	// Parts that come by themselves have come, one after the other; a wait is shown when it has lasted.
	await until(`the parts of ${name}`, async () => {
		const { begun } = traffic;
		await page.waitForTimeout(scene.late ?? 400);
		return begun === traffic.begun && begun === traffic.ended;
	});
	return widget;
}

/** A picture of one colour, 160 by 120. */
const grey = PNG.sync.write(Object.assign(new PNG({ width: 160, height: 120 }), { data: Buffer.alloc(160 * 120 * 4, 0xb4) }), { colorType: 2 });
