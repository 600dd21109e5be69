-- +goose Up

-- queued_at orders the queue: waiting_at less the priority's head start.
ALTER TABLE conversations ADD COLUMN priority TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN queued_at INTEGER NOT NULL DEFAULT 0;
UPDATE conversations SET queued_at = waiting_at WHERE waiting_at > 0;
DROP INDEX conversations_in_queue;
CREATE INDEX conversations_in_queue ON conversations (workspace_id, queued_at, id) WHERE waiting_at > 0;
-- What was promised, by when.
CREATE INDEX conversations_promised ON conversations (workspace_id, promised_at, id) WHERE promised_at > 0 AND status = 'open';

-- +goose Down
DROP INDEX conversations_promised;
DROP INDEX conversations_in_queue;
CREATE INDEX conversations_in_queue ON conversations (workspace_id, waiting_at, id) WHERE waiting_at > 0;
ALTER TABLE conversations DROP COLUMN queued_at;
ALTER TABLE conversations DROP COLUMN priority;
