-- +goose Up

-- Canned replies. owner_id is the zero id for everybody's.
CREATE TABLE macros (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    owner_id     uuid        NOT NULL,
    code         text        NOT NULL,
    revision     bigint      NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    body         json        NOT NULL, -- all else of a chat.Macro
    PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX macros_by_code ON macros (workspace_id, owner_id, code);

-- Whom the notes of staff's logs name.
CREATE TABLE mentions (
    workspace_id    uuid        NOT NULL,
    user_id         uuid        NOT NULL,
    at              timestamptz NOT NULL,
    conversation_id uuid        NOT NULL,
    seq             bigint      NOT NULL, -- of the note
    seen_at         timestamptz,
    PRIMARY KEY (workspace_id, user_id, at, conversation_id, seq),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations
);
CREATE INDEX mentions_unseen ON mentions (workspace_id, user_id, conversation_id) WHERE seen_at IS NULL;

-- Questions that no article answered.
CREATE TABLE gaps (
    number          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workspace_id    uuid        NOT NULL,
    id              uuid        NOT NULL,
    conversation_id uuid        NOT NULL,
    question        text        NOT NULL,
    locale          text        NOT NULL,
    state           text        NOT NULL CHECK (state IN ('open', 'done', 'dismissed')),
    by_id           uuid,
    article_id      uuid,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    UNIQUE (workspace_id, id),
    UNIQUE (workspace_id, conversation_id, question),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations
);
CREATE INDEX gaps_by_state ON gaps (workspace_id, state, number);
CREATE INDEX gaps_by_number ON gaps (workspace_id, number);

-- +goose Down
DROP TABLE gaps;
DROP TABLE mentions;
DROP TABLE macros;
