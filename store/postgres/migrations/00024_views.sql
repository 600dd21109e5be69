-- +goose Up

-- Lists of conversations under a name. owner_id is the zero id for everybody's.
CREATE TABLE saved_views (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    owner_id     uuid        NOT NULL,
    name         text        NOT NULL,
    view         text        NOT NULL,
    query        text        NOT NULL,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX saved_views_by_name ON saved_views (workspace_id, owner_id, name);

-- +goose Down
DROP TABLE saved_views;
