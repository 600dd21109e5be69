import type { Table } from '../../text';
import { app } from './app';
import { inbox } from './inbox';
import { knowledge } from './knowledge';
import { settings } from './settings';
import { talk } from './talk';
import { team } from './team';

/** Every word of the console in German. */
export const de: Table = { ...app, ...inbox, ...knowledge, ...settings, ...talk, ...team };
