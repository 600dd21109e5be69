-- +goose Up

-- Lists of conversations under a name. owner_id is zeroblob(16) for everybody's.
CREATE TABLE saved_views (
    workspace_id BLOB    NOT NULL REFERENCES workspaces (id),
    id           BLOB    NOT NULL,
    owner_id     BLOB    NOT NULL,
    name         TEXT    NOT NULL,
    view         TEXT    NOT NULL,
    query        TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX saved_views_by_name ON saved_views (workspace_id, owner_id, name);

-- +goose Down
DROP TABLE saved_views;
