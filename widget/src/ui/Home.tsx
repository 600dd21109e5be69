// The first view: a greeting and three ways in, a question, an earlier chat, a person.

import { clock, dayMonth, due } from '../text/time';
import { fill, t } from '../text/words';
import type { App } from './App';
import { around } from './beside';
import type { Composer } from './Composer';
import { Icon, person, right } from './Icon';
import { Close, Mark } from './parts';

export function Home(app: App, composer: Composer) {
	const { client } = app;
	const { face } = client;
	const last = client.conversations[0];
	const begin = (act: () => void, conversation = '') => {
		client.open(conversation);
		act();
		app.show(true);
	};
	return (
		<>
			<header key="home" class="hero">
				<div class="top">
					<Mark />
					<b>{face?.brand}</b>
					<Close shell={app} />
				</div>
				<h1 tabIndex={-1} dir="auto">
					{face && (face.greeting || t.greeting)}
				</h1>
				<p>
					{face && [
						`${t.lead} `,
						face.closes_at && fill(t.until, { time: clock(face.closes_at) }),
						face.opens_at && fill(t.backAt, { time: due(face.opens_at) }),
					]}
				</p>
			</header>
			{around()?.Trouble({ client })}
			<main key="main" class="home">
				{face?.starters?.length && (
					<section aria-label={t.starters}>
						<h2>{t.starters}</h2>
						{face.starters.map?.((s) => (
							<button type="button" class="choice" onclick={() => begin(() => client.send(s))}>
								<span dir="auto">{s}</span>
								<Icon d={right} />
							</button>
						))}
					</section>
				)}
				{last && (
					<section aria-label={t.lastChat}>
						<h2>{t.lastChat}</h2>
						<button type="button" class="choice" onclick={() => begin(() => {}, last.id)}>
							<span dir="auto">
								{last.subject || t.noSubject}
								<small>{last.status === 'closed' ? fill(t.ended, { date: dayMonth(last.at) }) : t.going}</small>
							</span>
							<Icon d={right} />
						</button>
					</section>
				)}
				{face && (
					<button type="button" class="pcard" onclick={() => begin(() => client.askPerson())}>
						<span class="face agent">
							<Icon d={person} />
						</span>
						<span>
							{t.person}
							<small>{face.online ? t.personOnline : t.personOffline}</small>
						</span>
						<Icon d={right} />
					</button>
				)}
			</main>
			{composer.view({ hint: t.ask, send: (words) => begin(() => client.send(words)) })}
			<footer class="fine">{t.fine}</footer>
		</>
	);
}
