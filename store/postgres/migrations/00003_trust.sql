-- +goose Up

-- Verdicts on answers, at most one for each, in the order in which they came.
CREATE TABLE verdicts (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    id           uuid NOT NULL,
    number       bigint GENERATED ALWAYS AS IDENTITY, -- in the order of the commits: one writer of a workspace at a time
    article_id   uuid NOT NULL,
    body         json NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX verdicts_number ON verdicts (workspace_id, number);
CREATE INDEX verdicts_article ON verdicts (article_id, workspace_id, number);

-- How far each article's questions may be answered without a person.
CREATE TABLE topics (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    article_id   uuid NOT NULL,
    after        bigint NOT NULL, -- number of the last verdict in it
    version      bigint NOT NULL,
    body         json NOT NULL,
    PRIMARY KEY (workspace_id, article_id)
);

-- Judges that were fitted to the workspace; the newest is in use.
CREATE TABLE tunings (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    number       bigint GENERATED ALWAYS AS IDENTITY,
    body         json NOT NULL,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, number)
);

-- +goose Down
DROP TABLE tunings;
DROP TABLE topics;
DROP TABLE verdicts;
