// Ways to be connected that few need: through another tab, and without a websocket.

export { open } from '../core/stream/line';
export { follow, Hub } from '../core/tabs/hub';
