// What the window and its first view say.

export const close = 'Close';
export const back = 'Back';
export const greeting = 'Hello. What can we help you with?';
export const lead = 'Answers come from our help articles, each with its source.';
export const until = (time: string) => `Our team is here until ${time}.`;
export const backAt = (time: string) => `Our team is back ${time}.`;
export const starters = 'Often asked';
export const lastChat = 'Your last chat';
export const noSubject = 'Conversation';
export const ended = (at: string) =>
	`Ended ${new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'long' })}`;
export const going = 'Still open';
export const person = 'Talk to a person';
export const personOnline = 'Somebody is here now';
export const personOffline = 'Leave a message, get a promised time';
export const fine = 'Answers by AI, from our own articles.';
export const ask = 'Ask a question…';
export const yourMessage = 'Your message';
export const send = 'Send';
