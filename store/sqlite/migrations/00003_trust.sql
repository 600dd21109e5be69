-- +goose Up

-- Verdicts on answers, at most one for each, in the order in which they came.
CREATE TABLE verdicts (
    n            INTEGER PRIMARY KEY,
    workspace_id BLOB    NOT NULL REFERENCES workspaces (id),
    id           BLOB    NOT NULL,
    article_id   BLOB    NOT NULL,
    body         TEXT    NOT NULL, -- JSON
    UNIQUE (workspace_id, id)
);
CREATE INDEX verdicts_in_order ON verdicts (workspace_id, n);
CREATE INDEX verdicts_of_article ON verdicts (workspace_id, article_id, n);

-- How far each article's questions may be answered without a person.
CREATE TABLE topics (
    workspace_id BLOB    NOT NULL REFERENCES workspaces (id),
    article_id   BLOB    NOT NULL,
    after        INTEGER NOT NULL, -- n of the last verdict in it
    version      INTEGER NOT NULL,
    body         TEXT    NOT NULL, -- JSON
    PRIMARY KEY (workspace_id, article_id)
) WITHOUT ROWID;

-- Judges that were fitted to the workspace; the newest is in use.
CREATE TABLE tunings (
    n            INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice: a node knows by it what it has loaded
    workspace_id BLOB    NOT NULL REFERENCES workspaces (id),
    body         TEXT    NOT NULL, -- JSON
    created_at   INTEGER NOT NULL
);
CREATE INDEX tunings_in_order ON tunings (workspace_id, n);

-- +goose Down
DROP TABLE tunings;
DROP TABLE topics;
DROP TABLE verdicts;
