-- +goose Up

-- Canned replies. owner_id is zeroblob(16) for everybody's.
CREATE TABLE macros (
    workspace_id BLOB    NOT NULL REFERENCES workspaces (id),
    id           BLOB    NOT NULL,
    owner_id     BLOB    NOT NULL,
    code         TEXT    NOT NULL,
    revision     INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    body         TEXT    NOT NULL, -- JSON: all else of a chat.Macro
    PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX macros_by_code ON macros (workspace_id, owner_id, code);

-- Whom the notes of staff's logs name.
CREATE TABLE mentions (
    workspace_id BLOB    NOT NULL,
    user_id      BLOB    NOT NULL,
    at           INTEGER NOT NULL,
    conversation INTEGER NOT NULL REFERENCES conversations (n),
    seq          INTEGER NOT NULL, -- of the note
    seen_at      INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (workspace_id, user_id, at, conversation, seq)
) WITHOUT ROWID;
CREATE INDEX mentions_unseen ON mentions (workspace_id, user_id, conversation) WHERE seen_at = 0;

-- Questions that no article answered.
CREATE TABLE gaps (
    n            INTEGER PRIMARY KEY,
    workspace_id BLOB    NOT NULL,
    id           BLOB    NOT NULL,
    conversation INTEGER NOT NULL REFERENCES conversations (n),
    question     TEXT    NOT NULL,
    locale       TEXT    NOT NULL,
    state        TEXT    NOT NULL CHECK (state IN ('open', 'done', 'dismissed')),
    by_id        BLOB,
    article_id   BLOB,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    UNIQUE (workspace_id, id)
);
CREATE UNIQUE INDEX gaps_once ON gaps (conversation, question);
CREATE INDEX gaps_by_state ON gaps (workspace_id, state, n);
CREATE INDEX gaps_by_number ON gaps (workspace_id, n);

-- +goose Down
DROP TABLE gaps;
DROP TABLE mentions;
DROP TABLE macros;
