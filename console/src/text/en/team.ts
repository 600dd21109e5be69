/** The team, in English. */
export const team = {
	'roleHint.agent': 'Answers customers',
	'roleHint.editor': 'Writes articles',
	'roleHint.admin': 'Does everything, adds people',
	'roleHint.viewer': 'Reads only',

	'team.add': 'Add a person',
	'team.addTitle': 'Add a person',
	'team.name': 'Name',
	'team.presence': 'Presence',
	'team.role': 'Role',
	'team.since': 'Since',
	'team.total.one': '1 person',
	'team.total.other': '{n} people',
	'team.passwordHint': 'At least 10 characters. Hand it over in person; it is not sent anywhere.',
	'team.failed': 'The team could not be loaded',
	'team.noPermission': 'This page is not open to your role',
} as const;
