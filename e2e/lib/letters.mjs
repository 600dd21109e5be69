// A mail server on this machine that takes every letter and keeps it.
import net from 'node:net';

/** Gives {url, letters}: the setting, and the letters so far as {to, text}; text is the whole of it, decoded enough to be searched. */
export async function letters(t) {
	const all = [];
	const server = net.createServer((socket) => {
		const say = (line) => socket.write(`${line}\r\n`);
		let now = { to: '', text: '' };
		let data = false;
		let rest = '';
		say('220 letters');
		socket.on('error', () => {});
		socket.on('data', (chunk) => {
			rest += chunk;
			for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
				const line = rest.slice(0, end);
				rest = rest.slice(end + 2);
				if (data) {
					if (line !== '.') now.text += `${line}\n`;
					else {
						data = false;
						all.push({ ...now, text: decoded(now.text) });
						now = { to: '', text: '' };
						say('250 kept');
					}
				} else if (/^(EHLO|HELO)/i.test(line)) say('250 letters');
				else if (/^RCPT/i.test(line)) {
					now.to = line.match(/<(.*)>/)[1];
					say('250 known');
				} else if (/^DATA/i.test(line)) {
					data = true;
					say('354 go on');
				} else if (/^QUIT/i.test(line)) {
					say('221 bye');
					socket.end();
				} else say('250 ok');
			}
		});
	});
	await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
	t.after(() => server.close());
	return { url: `smtp://127.0.0.1:${server.address().port}?tls=off&from=help@kesselkorn.example`, letters: all };
}

/** Quoted-printable, as far as its lines and signs go. */
function decoded(text) {
	const bytes = text.replace(/=\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
	return Buffer.from(bytes, 'latin1').toString(); // what was written was ASCII, and stands for UTF-8
}
