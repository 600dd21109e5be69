// The first view: a greeting and three ways in, a question, an earlier chat, a person.

import * as text from '../text/window';
import { Composer } from './Composer';
import { Icon, person, right } from './Icon';
import { Lazy } from './Lazy';
import { Close, Face, type Shell } from './parts';

const trouble = () => import('./chat/pane-chat').then((m) => ({ default: m.Trouble }));

export function Home({ shell, enter }: { shell: Shell; enter: () => void }) {
	const { client } = shell;
	const { face, conversations } = client;
	const last = conversations[0];
	const begin = (act: () => void) => () => {
		client.open('');
		act();
		enter();
	};
	return (
		<>
			<header class="hero">
				<div class="top">
					<Face />
					<b>{face?.brand}</b>
					<Close shell={shell} />
				</div>
				<h1 tabIndex={-1} dir="auto">
					{face && (face.greeting || text.greeting)}
				</h1>
				<p>
					{face &&
						[text.lead, face.closes && text.until(face.closes), face.back_at && text.backAt(face.back_at)]
							.filter(Boolean)
							.join(' ')}
				</p>
			</header>
			<Lazy load={trouble} props={{ client }} />
			<main class="home">
				{face?.starters?.length ? (
					<section aria-labelledby="often">
						<h2 id="often">{text.starters}</h2>
						{face.starters.map((s) => (
							<button type="button" class="choice" key={s} onClick={begin(() => client.send(s))}>
								<span dir="auto">{s}</span>
								<Icon d={right} />
							</button>
						))}
					</section>
				) : null}
				{last && (
					<section aria-labelledby="last">
						<h2 id="last">{text.lastChat}</h2>
						<button
							type="button"
							class="choice"
							onClick={() => {
								client.open(last.id);
								enter();
							}}
						>
							<span dir="auto">
								{last.subject || text.noSubject}
								<small>{last.status === 'closed' ? text.ended(last.at) : text.going}</small>
							</span>
							<Icon d={right} />
						</button>
					</section>
				)}
				{face && (
					<button type="button" class="pcard" onClick={begin(() => client.askPerson())}>
						<span class="face agent">
							<Icon d={person} />
						</span>
						<span>
							{text.person}
							<small>{face.online ? text.personOnline : text.personOffline}</small>
						</span>
						<Icon d={right} />
					</button>
				)}
			</main>
			<Composer box={client.box} hint={text.ask} send={(words) => begin(() => client.send(words))()} />
			<footer class="fine">{text.fine}</footer>
		</>
	);
}
