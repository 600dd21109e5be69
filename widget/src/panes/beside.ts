// What comes beside a first answer and is not waited for: the way in for files, thumbs and quick replies below the answer,
// the database that keeps what is on its way, and what went wrong with it.

export { database } from '../core/database/database';
export { Files, view } from '../ui/attach/Attach';
export { Choices } from '../ui/choices/Choices';
export { Failed } from '../ui/failed/Failed';
export { of, Thumbs } from '../ui/feedback/Feedback';
