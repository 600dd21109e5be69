// What a conversation says.

import { count } from './time';

export const backShort = (time: string) => `Back ${time}`;
export const personShort = 'A person';
export const orType = 'Or type it here…';
export const more = 'Add something for the team…';
export const writeTo = (name: string) => `Write to ${name || 'us'}…`;
export const again = 'Write again to reopen…';
export const log = 'Conversation';
export const assistant = 'Assistant';
export const ai = 'AI';
export const aiAssistant = 'AI assistant';
export const you = 'You';
export const looking = 'Looking in the articles';
export const source = (n: number) => `Source ${n}`;
export const sources = (n: number) => count(n, 'source', 'sources');
export const lookedUp = (what: string) => `From the shop’s records: ${what}`;
export const meanwhile = 'This may help meanwhile';
export const tryAgain = 'Try again';
export const discard = 'Remove';
export const sending = 'Sending';
export const waiting = 'Waiting to send';
export const delivered = 'Delivered';
export const seen = 'Read';
export const notSent = 'Not sent.';
export const tooLong = 'Too long for one message: about 8,000 letters fit. Send it in parts.';
export const offline = 'No connection. What you write is kept here and sent when you are back.';
export const tryNow = 'Try now';
export const joined = (time: string, name: string) => `${time} · ${name} joined`;
export const botBack = (time: string) => `${time} · Assistant is back`;
export const closed = (time: string, name: string) => `${time} · ${name ? `${name} closed the chat` : 'Chat ended'}`;
export const reopened = (time: string) => `${time} · Chat reopened`;
export const leftEmail = (email: string) => `You left ${email}`;
export const mailed = (email: string) => `Sent to ${email} by e-mail`;
export const confirmed = (email: string) => `You confirmed ${email}`;
export const rated = (score: number) => `You rated this chat ${score} of 5. Thank you.`;
export const writing = (name: string) => `${name || 'Our team'} is writing`;
export const inLine = 'You are in line';
export const noOne = 'Nobody is online';
export const chatEnded = (time: string) => `Chat ended ${time}`;
export const stopped = {
	4500: 'This window is out of date. Reload the page to go on; your conversation is kept.',
	4501: 'This browser could not be recognised. Reload the page to start again.',
	4503: 'This chat takes no messages at the moment. What was said is kept.',
	4509: 'The chat is open in other windows. Close them and reload the page to go on here.',
} as Record<number, string>;
export const stoppedElse = 'The chat was ended by the server. Reload the page to start again.';
