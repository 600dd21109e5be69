// The cards of a conversation with more to it than questions and answers: what is to be confirmed, promised, rated, who
// the customer is. One pane: apart, each would be little more than its own overhead.

export { Confirm } from '../confirm/Confirm';
export { Contact } from '../contact/Contact';
export { Ended } from '../ended/Ended';
export { PromiseCard } from '../promise/Promise';
export { Verify } from '../verify/Verify';
