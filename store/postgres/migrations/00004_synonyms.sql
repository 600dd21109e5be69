-- +goose Up

-- The synonyms that an operator gave; learnt ones are a tuning's.
CREATE TABLE synonyms (
    workspace_id uuid   PRIMARY KEY REFERENCES workspaces,
    version      bigint NOT NULL, -- raised by every change: a node knows by it what it has loaded
    body         json   NOT NULL
);

-- +goose Down
DROP TABLE synonyms;
