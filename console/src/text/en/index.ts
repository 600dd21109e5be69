import { app } from './app';
import { inbox } from './inbox';
import { knowledge } from './knowledge';
import { settings } from './settings';
import { talk } from './talk';
import { team } from './team';

/** Every word of the console in English: the table that names the keys. */
export const en = { ...app, ...inbox, ...knowledge, ...settings, ...talk, ...team } as const;
