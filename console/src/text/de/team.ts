import type { team as en } from '../en/team';

/** The team, in German. */
export const team: Record<keyof typeof en, string> = {
	'roleHint.agent': 'Antwortet Kunden',
	'roleHint.editor': 'Schreibt Artikel',
	'roleHint.admin': 'Darf alles, fügt Personen hinzu',
	'roleHint.viewer': 'Liest nur',

	'team.name': 'Name',
	'team.presence': 'Präsenz',
	'team.role': 'Rolle',
	'team.since': 'Seit',
	'team.total.one': '1 Person',
	'team.total.other': '{n} Personen',
	'team.failed': 'Das Team konnte nicht geladen werden',
	'team.noPermission': 'Diese Seite ist für Ihre Rolle nicht offen',

	'profile.takes': 'Übernimmt',
	'profile.chats.one': '1 Chat',
	'profile.chats.other': '{n} Chats',
	'profile.default': 'Wie gesetzt',
	'profile.change': 'Ändern, was {name} übernimmt: {words}',
	'profile.title': 'Was {name} übernimmt',
	'profile.capacity': 'Chats zugleich',
	'profile.capacityHint': 'Leer gilt die Zahl aus Verteilung. Von Hand kann immer mehr genommen werden.',
	'profile.skills': 'Fähigkeiten',
	'profile.skillsHint': 'Mit Kommas dazwischen, wie in den Regeln der Verteilung: Rechnung, Rückgabe',
	'profile.languages': 'Sprachen',
	'profile.languagesHint': 'Mit Kommas dazwischen, als Kürzel: en, de. Leer übernimmt alle.',
	'profile.adminOnly': 'Das legt ein Admin fest.',
};
