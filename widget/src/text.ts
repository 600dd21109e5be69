// Every word that the widget says. One catalogue, so that another language is another file of the same shape.

const locale = 'en-GB';
const ordinals = new Intl.PluralRules(locale, { type: 'ordinal' });
const suffix: Record<string, string> = { one: 'st', two: 'nd', few: 'rd', other: 'th' };
const format = (options: Intl.DateTimeFormatOptions) => {
	const f = new Intl.DateTimeFormat(locale, options);
	return (at: string | number) => f.format(new Date(at));
};

export const clock = format({ hour: 'numeric', minute: '2-digit' });
export const longDate = format({ day: 'numeric', month: 'long', year: 'numeric' });
const weekday = format({ weekday: 'long' });
const dayMonth = format({ day: 'numeric', month: 'long' });
const stamp = format({ weekday: 'short', day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' });

const dayOf = (at: string | number) => new Date(at).setHours(0, 0, 0, 0);
/** Calendar days from now to a time: 0 today, 1 tomorrow, -1 yesterday. */
const daysTo = (at: string | number) => Math.round((dayOf(at) - dayOf(Date.now())) / 86_400_000);

/** "Today", "Yesterday", "Monday", "3 November". */
export function day(at: string | number): string {
	const days = daysTo(at);
	if (days === 0) return 'Today';
	if (days === -1) return 'Yesterday';
	if (days === 1) return 'Tomorrow';
	return Math.abs(days) < 7 ? weekday(at) : dayMonth(at);
}

/** "today, 13:00", "Monday, 11:00": a time to come, inside a sentence. */
export function due(at: string): string {
	return `${day(at).replace(/^To/, 'to')}, ${clock(at)}`;
}

const count = (n: number, one: string, more: string) => `${n} ${n === 1 ? one : more}`;

export const text = {
	locale,
	close: 'Close',
	back: 'Back',
	greeting: 'Hello. What can we help you with?',
	lead: 'Answers come from our help articles, each with its source.',
	until: (time: string) => `Our team is here until ${time}.`,
	backAt: (time: string) => `Our team is back ${time}.`,
	backShort: (time: string) => `Back ${time}`,
	starters: 'Often asked',
	lastChat: 'Your last chat',
	noSubject: 'Conversation',
	ended: (at: string) => `Ended ${day(at).toLowerCase()}`,
	going: 'Still open',
	person: 'Talk to a person',
	personShort: 'A person',
	personOnline: 'Somebody is here now',
	personOffline: 'Leave a message, get a promised time',
	fine: 'Answers by AI, from our own articles.',
	ask: 'Ask a question…',
	orType: 'Or type it here…',
	more: 'Add something for the team…',
	writeTo: (name: string) => `Write to ${name || 'us'}…`,
	again: 'Write again to reopen…',
	yourMessage: 'Your message',
	send: 'Send',
	log: 'Conversation',
	assistant: 'Assistant',
	ai: 'AI',
	aiAssistant: 'AI assistant',
	you: 'You',
	looking: 'Looking in the articles',
	source: (n: number) => `Source ${n}`,
	sourceOf: (n: number, of: number) => `Source ${n} of ${of}`,
	sources: (n: number) => count(n, 'source', 'sources'),
	article: 'Article',
	updated: (at: string) => `updated ${longDate(at)}`,
	minutes: (n: number) => `${n} min`,
	openPage: 'Open the article in a new tab',
	articleGone: 'The article did not load. The answer above it stands. Check your connection and open it again.',
	tryAgain: 'Try again',
	discard: 'Remove',
	sending: 'Sending',
	waiting: 'Waiting to send',
	delivered: 'Delivered',
	seen: 'Read',
	notSent: 'Not sent.',
	tooLong: 'Too long for one message: about 8,000 letters fit. Send it in parts.',
	askedPerson: 'You asked for a person',
	askingPerson: 'Your wish for a person goes out with the next connection',
	offline: 'No connection. What you write is kept here and sent when you are back.',
	tryNow: 'Try now',
	joined: (time: string, name: string) => `${time} · ${name} joined`,
	botBack: (time: string) => `${time} · Assistant is back`,
	queued: (time: string) => `${time} · Passed to our team`,
	closed: (time: string, name: string) => `${time} · ${name ? `${name} closed the chat` : 'Chat ended'}`,
	reopened: (time: string) => `${time} · Chat reopened`,
	leftEmail: (email: string) => `You left ${email}`,
	rated: (score: number) => `You rated this chat ${score} of 5. Thank you.`,
	writing: (name: string) => `${name || 'Our team'} is writing`,
	inLine: 'You are in line',
	noOne: 'Nobody is online',
	chatEnded: (time: string) => `Chat ended ${time}`,
	place: (n: number) => `You are ${n}${suffix[ordinals.select(n)]} in line`,
	next: 'You are next in line',
	range: (from: number, to: number) =>
		`Usually ${from === to ? count(to, 'minute', 'minutes') : `${from} to ${to} minutes`} from here.`,
	soFar: (n: number) => `${n} min so far`,
	keep: 'You can close this window. We keep your place.',
	keepMail: ['You can close this window. We keep your place and write to ', ' too.'],
	byMail: 'Answer me by e-mail',
	email: 'Your e-mail',
	emailCut: 'That looks cut off. An address ends like “.de” or “.com”.',
	emailAt: 'An address has an “@” in it, like name@example.com.',
	emailSend: 'Send and get a promised time',
	emailUse: 'We use the address for this answer only.',
	word: 'You have our word',
	answerBy: (at: string) => `An answer by ${due(at)}`,
	to: 'To',
	promised: 'Promised',
	dueLabel: 'Due',
	stamp,
	how: (name: string) => (name ? `How did ${name} do?` : 'How did we do?'),
	goesTo: (name: string) => (name ? `Your answer goes to ${name} and the team.` : 'Your answer goes to the team.'),
	score: (n: number) => `${n} of 5`,
	poor: 'Poor',
	great: 'Great',
	comment: 'What was good, what was not? (optional)',
	rate: 'Send rating',
	skip: 'Skip',
	fresh: 'Start a new chat',
	stopped: {
		4500: 'This window is out of date. Reload the page to go on; your conversation is kept.',
		4501: 'This browser could not be recognised. Reload the page to start again.',
		4503: 'This chat takes no messages at the moment. What was said is kept.',
		4509: 'The chat is open in other windows. Close them and reload the page to go on here.',
	} as Record<number, string>,
	stoppedElse: 'The chat was ended by the server. Reload the page to start again.',
};
