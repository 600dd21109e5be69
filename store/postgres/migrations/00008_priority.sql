-- +goose Up

-- queued_at orders the queue: waiting_since less the priority's head start.
ALTER TABLE conversations ADD COLUMN priority text NOT NULL DEFAULT '', ADD COLUMN queued_at timestamptz;
UPDATE conversations SET queued_at = waiting_since WHERE waiting_since IS NOT NULL;
DROP INDEX conversations_queue;
CREATE INDEX conversations_queue ON conversations (workspace_id, queued_at) WHERE waiting_since IS NOT NULL;
-- What was promised, by when.
CREATE INDEX conversations_promised ON conversations (workspace_id, promised_at) WHERE promised_at IS NOT NULL AND status = 'open';

-- +goose Down
DROP INDEX conversations_promised;
DROP INDEX conversations_queue;
CREATE INDEX conversations_queue ON conversations (workspace_id, waiting_since) WHERE waiting_since IS NOT NULL;
ALTER TABLE conversations DROP COLUMN queued_at, DROP COLUMN priority;
