-- +goose Up

-- The ledger of promises says what is overdue: nothing asks for it by conversation any more.
DROP INDEX conversations_promised;

-- +goose Down
CREATE INDEX conversations_promised ON conversations (workspace_id, promised_at) WHERE promised_at IS NOT NULL AND status = 'open';
