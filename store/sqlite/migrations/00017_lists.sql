-- +goose Up

-- What a long view is filtered by is in its index, so that only the rows of a page are read.
DROP INDEX conversations_by_change;
CREATE INDEX conversations_by_change ON conversations (workspace_id, status, updated_at, id, inbox_id, agent_id, team_id, priority, reason, locale);
-- Also those that an agent has: the longest wait first.
DROP INDEX conversations_open_word;
CREATE INDEX conversations_unanswered ON conversations (workspace_id, customer_at, id)
    WHERE status = 'open' AND (customer_seq > answered_seq OR last_from = 'customer');

-- +goose Down
DROP INDEX conversations_unanswered;
CREATE INDEX conversations_open_word ON conversations (workspace_id, customer_at, id)
    WHERE status = 'open' AND owner <> 'agent' AND (customer_seq > answered_seq OR last_from = 'customer');
DROP INDEX conversations_by_change;
CREATE INDEX conversations_by_change ON conversations (workspace_id, status, updated_at, id);
