import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Notice } from '../src/protocol';
import de from '../src/text/de.json';
import en from '../src/text/en.json';
import ja from '../src/text/ja.json';
import { use, type Words } from '../src/text/words';
import { said } from '../src/ui/people/People';
import { render } from './drawn';
import { entry, system } from './fixtures';

beforeEach(() => {
	vi.useFakeTimers({ now: Date.UTC(2026, 10, 21, 10, 0), toFake: ['Date'] });
});

afterEach(() => {
	use(en);
	vi.useRealTimers();
});

/** What a customer reads of a notice whose words in the log are "In the log." */
function read(notice: Notice, words: Words): string {
	use(words);
	const root = document.createElement('div');
	const line = { entry: entry(1, 'notice', system, { text: 'In the log.', notice }), shell: {} };
	render(() => said(line as never), root);
	return root.querySelector('.say')?.textContent ?? '';
}

// The time zone is the reader's: what clock they have is not ours to know.
const clock = (at: string, locale: string) =>
	new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).format(new Date(at));
const nine = '2026-11-23T12:00:00Z';
const eleven = '2026-11-23T13:00:00Z';

test('nobody is there: in the words and the time of who reads it', () => {
	const notice: Notice = { kind: 'offline', opens_at: nine, promised: eleven, ask_email: true };
	expect(read(notice, de as Words)).toBe(
		`Im Moment ist niemand da. Unser Team ist wieder da: Montag, ${clock(nine, 'de')}. ` +
			`Hinterlassen Sie Ihre E-Mail-Adresse, dann haben Sie eine Antwort bis Montag, ${clock(eleven, 'de')}.`,
	);
	expect(read({ ...notice, email: 'a@example.com' }, ja as unknown as Words)).toMatch(
		/。担当者の対応再開は月曜日 [^ ]+です。月曜日 [^ ]+までに、こちらと a@example\.com /,
	);
});

test('what is late says what it was about, and what follows', () => {
	const notice: Notice = { kind: 'overdue', was: '2026-11-20T10:00:00Z', what: 'Photo', promised: nine, agent: 'Ana' };
	expect(read(notice, en as Words)).toMatch(
		/^We said .+ for “Photo” and did not make it\. I'm sorry\. New time: Monday, .+\. Ana has it now\.$/,
	);
	expect(read({ kind: 'overdue', was: nine, words: 'The kiln broke.' }, en as Words)).toMatch(
		/^We said you have an answer by Monday, .+ and will not make it\. I'm sorry\. The kiln broke\.$/,
	);
});

test('a notice of an older version is read as it is in the log', () => {
	expect(read({ kind: 'overdue' }, de as Words)).toBe('In the log.');
	expect(read({ kind: 'offline' }, de as Words)).toBe('In the log.');
});
