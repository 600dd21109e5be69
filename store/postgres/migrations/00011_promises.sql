-- +goose Up

-- The ledger of promises. What was promised never changes; what became of it does.
CREATE TABLE promises (
    workspace_id    uuid        NOT NULL,
    id              uuid        NOT NULL, -- v7: in the order of time
    number          text        NOT NULL, -- of the receipt; '' for those from before there were any
    conversation_id uuid        NOT NULL,
    kind            text        NOT NULL CHECK (kind IN ('answer', 'other')),
    owner_id        uuid,                 -- NULL: the queue
    state           text        NOT NULL CHECK (state IN ('open', 'kept', 'moved', 'broken', 'withdrawn')),
    due_at          timestamptz NOT NULL,
    made_at         timestamptz NOT NULL,
    act_at          timestamptz,          -- when it rises, breaks or has to be told of next; NULL: it is over
    raised_at       timestamptz,
    settled_at      timestamptz,
    told_at         timestamptz,
    body            json        NOT NULL, -- all else of a chat.Promise
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations
);
CREATE UNIQUE INDEX promises_number ON promises (workspace_id, number) WHERE number <> '';
CREATE INDEX promises_conversation ON promises (conversation_id, workspace_id, id);
-- A conversation waits for one answer at a time.
CREATE UNIQUE INDEX promises_answer ON promises (workspace_id, conversation_id) WHERE kind = 'answer' AND state = 'open';
CREATE INDEX promises_open ON promises (workspace_id, due_at, id) WHERE state = 'open';
CREATE INDEX promises_act ON promises (workspace_id, act_at, id) WHERE act_at IS NOT NULL;
CREATE INDEX promises_settled ON promises (workspace_id, state, settled_at, id);

-- Those that stand now. They have no receipt: none was given.
INSERT INTO promises (workspace_id, id, number, conversation_id, kind, owner_id, state, due_at, made_at, act_at, raised_at, body)
SELECT workspace_id, gen_random_uuid(), '', id, 'answer', agent_id, 'open', promised_at, updated_at, promised_at, updated_at,
    '{"text":"An answer","by":{"kind":"system"}}'
FROM conversations WHERE promised_at IS NOT NULL;

-- +goose Down
DROP TABLE promises;
