-- +goose Up

-- The ledger of promises. What was promised never changes; what became of it does.
CREATE TABLE promises (
    workspace_id BLOB    NOT NULL,
    id           BLOB    NOT NULL, -- UUID v7: in the order of time
    number       TEXT    NOT NULL, -- of the receipt; '' for those from before there were any
    conversation INTEGER NOT NULL REFERENCES conversations (n),
    kind         TEXT    NOT NULL CHECK (kind IN ('answer', 'other')),
    owner_id     BLOB,             -- NULL: the queue
    state        TEXT    NOT NULL CHECK (state IN ('open', 'kept', 'moved', 'broken', 'withdrawn')),
    due_at       INTEGER NOT NULL, -- microseconds, as all times; 0 for none
    made_at      INTEGER NOT NULL,
    act_at       INTEGER NOT NULL, -- when it rises, breaks or has to be told of next; 0: it is over
    raised_at    INTEGER NOT NULL,
    settled_at   INTEGER NOT NULL,
    told_at      INTEGER NOT NULL,
    body         TEXT    NOT NULL, -- JSON: all else of a chat.Promise
    PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX promises_by_number ON promises (workspace_id, number) WHERE number <> '';
CREATE INDEX promises_of_conversation ON promises (conversation, id);
-- A conversation waits for one answer at a time.
CREATE UNIQUE INDEX promises_of_answer ON promises (conversation) WHERE kind = 'answer' AND state = 'open';
CREATE INDEX promises_open ON promises (workspace_id, due_at, id) WHERE state = 'open';
CREATE INDEX promises_to_act_on ON promises (workspace_id, act_at, id) WHERE act_at > 0;
CREATE INDEX promises_settled ON promises (workspace_id, state, settled_at, id);

-- Those that stand now. They have no receipt: none was given.
INSERT INTO promises (workspace_id, id, number, conversation, kind, owner_id, state, due_at, made_at, act_at, raised_at, settled_at, told_at, body)
SELECT workspace_id, randomblob(16), '', n, 'answer', agent_id, 'open', promised_at, updated_at, promised_at, updated_at, 0, 0,
    '{"text":"An answer","by":{"kind":"system"}}'
FROM conversations WHERE promised_at > 0;

-- +goose Down
DROP TABLE promises;
