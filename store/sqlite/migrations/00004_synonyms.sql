-- +goose Up

-- The synonyms that an operator gave; learnt ones are a tuning's.
CREATE TABLE synonyms (
    workspace_id BLOB    PRIMARY KEY REFERENCES workspaces (id),
    version      INTEGER NOT NULL, -- raised by every change: a node knows by it what it has loaded
    body         TEXT    NOT NULL  -- JSON
) WITHOUT ROWID;

-- +goose Down
DROP TABLE synonyms;
