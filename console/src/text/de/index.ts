import type { Table } from '../../text';
import { app } from './app';
import { desk } from './desk';
import { feedback } from './feedback';
import { find } from './find';
import { inbox } from './inbox';
import { insight } from './insight';
import { knowledge } from './knowledge';
import { promises } from './promises';
import { settings } from './settings';
import { staff } from './staff';
import { talk } from './talk';
import { team } from './team';
import { visitor } from './visitor';
import { widget } from './widget';

/** Every word of the console in German. */
export const de: Table = {
	...app,
	...desk,
	...feedback,
	...find,
	...inbox,
	...insight,
	...knowledge,
	...promises,
	...settings,
	...staff,
	...talk,
	...team,
	...visitor,
	...widget,
};
