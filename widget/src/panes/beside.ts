// What comes beside a first answer and is not waited for: the way in for files, thumbs below the answer.

export { Files, view } from '../ui/attach/Attach';
export { of, Thumbs } from '../ui/feedback/Feedback';
