// What is said around a person: who the customer is, the line, the e-mail form, the rating.

import { clock, count, ordinal } from './time';

export { sending, waiting } from './chat';

export const place = (n: number) => `You are ${ordinal(n)} in line`;
export const next = 'You are next in line';
export const range = (from: number, to: number) =>
	`Usually ${from === to ? count(to, 'minute', 'minutes') : `${from} to ${to} minutes`} from here.`;
export const minutes = (n: number) => `${n} min`;
export const soFar = (n: number) => `${n} min so far`;
export const keep = 'You can close this window. We keep your place.';
export const keepMail = ['You can close this window. We keep your place and write to ', ' too.'];
export const byMail = 'Answer me by e-mail';
export const email = 'Your e-mail';
export const emailCut = 'That looks cut off. An address ends like “.de” or “.com”.';
export const emailAt = 'An address has an “@” in it, like name@example.com.';
export const emailSend = 'Send and get a promised time';
export const emailUse = 'We use the address for this answer only.';
export const how = (name: string) => (name ? `How did ${name} do?` : 'How did we do?');
export const goesTo = (name: string) =>
	name ? `Your answer goes to ${name} and the team.` : 'Your answer goes to the team.';
export const score = (n: number) => `${n} of 5`;
export const poor = 'Poor';
export const great = 'Great';
export const comment = 'What was good, what was not? (optional)';
export const rate = 'Send rating';
export const skip = 'Skip';
export const fresh = 'Start a new chat';

export const verify = 'Confirm that it is you';
export const verifyWhy = 'We send a six-digit code to your e-mail address. It shows that what you ask about is yours.';
export const codeSend = 'Send the code';
export const codeEnter = 'Enter the code';
export const codeSent = (until: string) => ['We sent it to ', `. It counts until ${clock(until)}.`];
export const codeLabel = 'Six-digit code';
export const codeConfirm = 'Confirm';
export const codeChecking = 'Checking';
export const codeAgain = 'Send a new code';
export const codeAgainIn = (seconds: number) => `Resend in ${seconds} s`;
export const codeOther = 'Other address';
export const noLine = 'No connection. Nothing was lost: try again when you are back.';
