// The cards of a conversation with more to it than questions and answers: what is to be confirmed, promised, rated, who
// the customer is.

export { Confirm } from '../ui/confirm/Confirm';
export { Contact } from '../ui/contact/Contact';
export { Ended } from '../ui/ended/Ended';
export { Transcript } from '../ui/ended/Transcript';
export { PromiseCard } from '../ui/promise/Promise';
export { Verify } from '../ui/verify/Verify';
