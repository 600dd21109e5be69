// What few visitors need, and none for a first answer: what the page around asks for and is asked, what the widget says
// by itself, and ways to be connected through another tab or without a websocket. One file of both is smaller than two.

export { open } from '../core/stream/line';
export { follow, Hub } from '../core/tabs/hub';
export { postKnown } from '../ui/site/jar';
export { serve } from '../ui/site/site';
