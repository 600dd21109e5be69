-- +goose Up

-- What the console sets; the newest revision counts.
CREATE TABLE settings (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    inbox_id     uuid NOT NULL, -- zero: of the workspace
    name         text NOT NULL,
    revision     bigint NOT NULL, -- from 1
    value        json NOT NULL,
    by_id        uuid NOT NULL, -- zero: the operator
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, inbox_id, name, revision)
);

-- What language models cost. Zero ids: there is none.
CREATE TABLE spending (
    workspace_id    uuid NOT NULL REFERENCES workspaces,
    day             date NOT NULL,
    customer_id     uuid NOT NULL,
    conversation_id uuid NOT NULL,
    inbox_id        uuid NOT NULL,
    purpose         text NOT NULL,
    model           text NOT NULL,
    calls           bigint NOT NULL,
    prompt          bigint NOT NULL,
    completion      bigint NOT NULL,
    micros          bigint NOT NULL,
    PRIMARY KEY (workspace_id, day, customer_id, conversation_id, inbox_id, purpose, model)
) WITH (fillfactor = 80); -- every call of a model updates a row
CREATE INDEX spending_customer ON spending (workspace_id, customer_id);
CREATE INDEX spending_conversation ON spending (workspace_id, conversation_id);

-- The same, summed over customers and conversations: few rows, read before each call of a model.
CREATE TABLE spending_days (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    day          date NOT NULL,
    inbox_id     uuid NOT NULL,
    purpose      text NOT NULL,
    model        text NOT NULL,
    calls        bigint NOT NULL,
    prompt       bigint NOT NULL,
    completion   bigint NOT NULL,
    micros       bigint NOT NULL,
    PRIMARY KEY (workspace_id, day, inbox_id, purpose, model)
) WITH (fillfactor = 50); -- the same few rows are updated by every call

-- What the bot's turns rested on.
CREATE TABLE turns (
    workspace_id    uuid NOT NULL,
    id              uuid NOT NULL,
    conversation_id uuid NOT NULL,
    body            json NOT NULL,
    created_at      timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations
);
CREATE INDEX turns_conversation ON turns (workspace_id, conversation_id, created_at, id);
CREATE INDEX turns_age ON turns (workspace_id, created_at);

-- What is remembered of conversations beside their logs.
CREATE TABLE memories (
    workspace_id    uuid NOT NULL,
    conversation_id uuid NOT NULL,
    seq             bigint NOT NULL, -- of the last entry in it
    body            json NOT NULL,
    created_at      timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, conversation_id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations
);

-- +goose Down
DROP TABLE memories;
DROP TABLE turns;
DROP TABLE spending_days;
DROP TABLE spending;
DROP TABLE settings;
