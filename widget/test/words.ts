// Tests read English.

import en from '../src/text/en.json';
import { use } from '../src/text/words';

use(en);
