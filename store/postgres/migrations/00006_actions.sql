-- +goose Up

-- Uses of the shop's actions: who did what, with what, and how it went.
CREATE TABLE action_calls (
    workspace_id    uuid        NOT NULL,
    id              uuid        NOT NULL, -- v7: in the order of time
    conversation_id uuid        NOT NULL,
    state           text        NOT NULL CHECK (state IN ('proposed', 'confirmed', 'declined', 'expired', 'running', 'done', 'failed', 'unknown')),
    until           timestamptz,          -- of the state
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    body            json        NOT NULL, -- all else of a chat.Call
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations
);
CREATE INDEX action_calls_conversation ON action_calls (conversation_id, workspace_id, id);
-- What is still to come: few, looked for every few seconds.
CREATE INDEX action_calls_open ON action_calls (workspace_id, id) WHERE state IN ('proposed', 'confirmed', 'running');

-- +goose Down
DROP TABLE action_calls;
