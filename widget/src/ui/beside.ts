// The first of the panes, which several views ask for parts of.

import { lazy } from './lazy';

export const beside = lazy(() => import('../panes/beside'));
