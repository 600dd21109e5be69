// The panes that come with the window, of which several views ask for parts.

import { lazy } from './lazy';

export const beside = lazy(() => import('../panes/beside'));
export const around = lazy(() => import('../panes/around'));
