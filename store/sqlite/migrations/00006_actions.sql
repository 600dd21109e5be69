-- +goose Up

-- Uses of the shop's actions: who did what, with what, and how it went.
CREATE TABLE action_calls (
    workspace_id BLOB    NOT NULL,
    id           BLOB    NOT NULL, -- UUID v7: in the order of time
    conversation INTEGER NOT NULL REFERENCES conversations (n),
    state        TEXT    NOT NULL CHECK (state IN ('proposed', 'confirmed', 'declined', 'expired', 'running', 'done', 'failed', 'unknown')),
    until        INTEGER NOT NULL, -- of the state: microseconds, 0 for none
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    body         TEXT    NOT NULL, -- JSON: all else of a chat.Call
    PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;
CREATE INDEX action_calls_of_conversation ON action_calls (conversation, id);
-- What is still to come: few, looked for every few seconds.
CREATE INDEX action_calls_open ON action_calls (workspace_id, state, id) WHERE state IN ('proposed', 'confirmed', 'running');

-- +goose Down
DROP TABLE action_calls;
