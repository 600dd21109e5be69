/*
 * The sentences of the example answer in Settings. They are in the customer's language, not in the console's, and so
 * stand beside the tables of words. `du` is German to somebody whom the shop calls "du".
 */

export interface ExampleWords {
	question: string;
	warm: string;
	formal: string;
	plain: string;
	formally: string;
	brisk: string;
	more: string;
	most: string;
}

const de: ExampleWords = {
	question: 'Mein Wasserkocher zeigt E2. Was jetzt?',
	warm: 'Das ist ärgerlich, gerade vor dem ersten Kaffee.',
	formal: 'Vielen Dank für Ihre Nachricht.',
	plain: 'E2 heißt, dass der Sensor keinen Wert liefert. Wischen Sie die Kontakte mit einem trockenen Tuch ab.',
	formally:
		'E2 bedeutet, dass der Sensor keinen Wert liefert. Bitte wischen Sie die Kontakte mit einem trockenen Tuch ab.',
	brisk: 'E2: Der Sensor liefert keinen Wert. Kontakte abwischen.',
	more: 'Kommt E2 wieder, ist es eine Reparatur: Wählen Sie unter „Meine Bestellungen“ den Punkt „Fehler melden“.',
	most: 'Das Etikett kommt per E-Mail. Eine Reparatur dauert 10 Arbeitstage.',
};

export const example: Record<'en' | 'de' | 'du', ExampleWords> = {
	en: {
		question: 'My kettle shows E2. What now?',
		warm: 'That is annoying, just before the first coffee.',
		formal: 'Thank you for your message.',
		plain: 'E2 means that the sensor gives no value. Wipe the contacts with a dry cloth.',
		formally: 'E2 indicates that the sensor gives no value. Please wipe the contacts with a dry cloth.',
		brisk: 'E2: the sensor gives no value. Wipe the contacts.',
		more: 'If E2 comes back, it is a repair: choose Report a fault under My orders.',
		most: 'You get the label by e-mail. A repair takes 10 working days.',
	},
	de,
	du: {
		...de,
		formal: 'Vielen Dank für deine Nachricht.',
		plain: 'E2 heißt, dass der Sensor keinen Wert liefert. Wisch die Kontakte mit einem trockenen Tuch ab.',
		formally: 'E2 bedeutet, dass der Sensor keinen Wert liefert. Bitte wisch die Kontakte mit einem trockenen Tuch ab.',
		more: 'Kommt E2 wieder, ist es eine Reparatur: Wähl unter „Meine Bestellungen“ den Punkt „Fehler melden“.',
	},
};
