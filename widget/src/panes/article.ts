// A source that is opened, and the blocks that few answers have.

export { Article } from '../ui/article/Article';
export { rich } from '../ui/rich/rich';
