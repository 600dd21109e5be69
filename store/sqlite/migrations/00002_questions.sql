-- +goose Up

-- Questions of customers that articles answer. Accepted ones are units of their
-- article for search.
CREATE TABLE questions (
    n            INTEGER PRIMARY KEY, -- the order of the list
    workspace_id BLOB    NOT NULL,
    id           BLOB    NOT NULL,
    article_id   BLOB    NOT NULL,
    text         TEXT    NOT NULL,
    hash         BLOB    NOT NULL, -- of the text: the key of its vector
    origin       TEXT    NOT NULL,
    source       TEXT    NOT NULL,
    external_id  TEXT    NOT NULL,
    status       TEXT    NOT NULL,
    match        TEXT    NOT NULL,
    score        REAL    NOT NULL,
    decided_by   BLOB, -- null: the operator, or nobody yet
    decided_at   INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    UNIQUE (workspace_id, id),
    UNIQUE (workspace_id, origin, source, external_id),
    FOREIGN KEY (workspace_id, article_id) REFERENCES articles (workspace_id, id)
);
CREATE INDEX questions_of_article ON questions (workspace_id, article_id, n);
CREATE INDEX questions_in_order ON questions (workspace_id, n);

-- +goose Down
DROP TABLE questions;
