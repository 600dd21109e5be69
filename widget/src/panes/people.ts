// What people and the desk say.

export { ahead, beside, highest, now, said, typing, whole, wordsOf } from '../ui/people/People';
