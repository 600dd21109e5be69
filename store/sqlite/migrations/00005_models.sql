-- +goose Up

-- What the console sets; the newest revision counts.
CREATE TABLE settings (
    workspace_id BLOB    NOT NULL REFERENCES workspaces (id),
    inbox_id     BLOB    NOT NULL, -- 16 zeros: of the workspace
    name         TEXT    NOT NULL,
    revision     INTEGER NOT NULL, -- from 1
    value        TEXT    NOT NULL, -- JSON
    by_id        BLOB    NOT NULL, -- 16 zeros: the operator
    created_at   INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, inbox_id, name, revision)
);

-- What language models cost. Ids of 16 zeros: there is none.
CREATE TABLE spending (
    workspace_id    BLOB    NOT NULL REFERENCES workspaces (id),
    day             INTEGER NOT NULL, -- its midnight
    customer_id     BLOB    NOT NULL,
    conversation_id BLOB    NOT NULL,
    inbox_id        BLOB    NOT NULL,
    purpose         TEXT    NOT NULL,
    model           TEXT    NOT NULL,
    calls           INTEGER NOT NULL,
    prompt          INTEGER NOT NULL,
    completion      INTEGER NOT NULL,
    micros          INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, day, customer_id, conversation_id, inbox_id, purpose, model)
) WITHOUT ROWID;
CREATE INDEX spending_of_customer ON spending (workspace_id, customer_id);
CREATE INDEX spending_of_conversation ON spending (workspace_id, conversation_id);

-- The same, summed over customers and conversations: few rows, read before each call of a model.
CREATE TABLE spending_days (
    workspace_id BLOB    NOT NULL REFERENCES workspaces (id),
    day          INTEGER NOT NULL,
    inbox_id     BLOB    NOT NULL,
    purpose      TEXT    NOT NULL,
    model        TEXT    NOT NULL,
    calls        INTEGER NOT NULL,
    prompt       INTEGER NOT NULL,
    completion   INTEGER NOT NULL,
    micros       INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, day DESC, inbox_id, purpose, model)
) WITHOUT ROWID;

-- What the bot's turns rested on.
CREATE TABLE turns (
    workspace_id    BLOB    NOT NULL,
    id              BLOB    NOT NULL,
    conversation_id BLOB    NOT NULL,
    body            TEXT    NOT NULL, -- JSON
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id)
);
CREATE INDEX turns_of_conversation ON turns (workspace_id, conversation_id, created_at, id);
CREATE INDEX turns_by_age ON turns (workspace_id, created_at);

-- What is remembered of conversations beside their logs.
CREATE TABLE memories (
    workspace_id    BLOB    NOT NULL,
    conversation_id BLOB    NOT NULL,
    seq             INTEGER NOT NULL, -- of the last entry in it
    body            TEXT    NOT NULL, -- JSON
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, conversation_id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id)
);

-- +goose Down
DROP TABLE memories;
DROP TABLE turns;
DROP TABLE spending_days;
DROP TABLE spending;
DROP TABLE settings;
