// What the card of a promise says.

import type { PromiseState } from '../protocol';
import { due } from './time';

export const word = 'You have our word';
export const by = (name: string) => `${name} promised`;
export const answerBy = (at: string) => `An answer by ${due(at)}`;
export const otherBy = (what: string, at: string) => `${what}, by ${due(at)}`;
export const to = 'To';
export const promised = 'Promised';
export const dueLabel = 'Due';
export const receipt = 'Receipt';
export const became: Record<PromiseState, string> = {
	open: '',
	kept: 'Kept',
	moved: 'You agreed to another time: see below',
	broken: 'We did not make it: see the new time below',
	withdrawn: 'No longer applies',
};
export const check = 'Check the receipt';
export const checking = 'Checking';
export const genuine = 'This receipt is ours. It is signed over these words:';
export const forged = 'This receipt is not ours.';
export const noCheck = 'The receipt could not be checked now. It is kept here: try again later.';
