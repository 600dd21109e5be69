// What people and the desk say.

export { ahead, beside, highest, now, said, typing, whole, wordsOf, writing } from '../ui/people/People';
