// What comes after a first answer: what people and the desk say, a source that is opened, and the blocks that few
// answers have. One file of both is smaller than two.

export { Article } from '../ui/article/Article';
export { ahead, beside, highest, now, said, typing, whole, wordsOf, writing } from '../ui/people/People';
export { rich } from '../ui/rich/rich';
