-- +goose Up

-- What a long view is filtered by is in its index, so that only the rows of a page are read.
DROP INDEX conversations_open;
DROP INDEX conversations_closed;
CREATE INDEX conversations_open ON conversations (workspace_id, updated_at, id, inbox_id, agent_id, team_id, priority, reason, locale COLLATE "C")
    WHERE status = 'open';
CREATE INDEX conversations_closed ON conversations (workspace_id, updated_at, id, inbox_id, agent_id, team_id, priority, reason, locale COLLATE "C")
    WHERE status = 'closed';
-- Also those that an agent has: the longest wait first.
DROP INDEX conversations_unanswered;
CREATE INDEX conversations_unanswered ON conversations (workspace_id, customer_at)
    WHERE status = 'open' AND (last_from = 'customer' OR customer_seq > answered_seq);

-- +goose Down
DROP INDEX conversations_unanswered;
CREATE INDEX conversations_unanswered ON conversations (workspace_id, customer_at)
    WHERE status = 'open' AND owner <> 'agent' AND (last_from = 'customer' OR customer_seq > answered_seq);
DROP INDEX conversations_closed;
DROP INDEX conversations_open;
CREATE INDEX conversations_open ON conversations (workspace_id, updated_at) WHERE status = 'open';
CREATE INDEX conversations_closed ON conversations (workspace_id, updated_at) WHERE status = 'closed';
