-- +goose Up

-- Agents' photos, as they are shown. A new one is a new row with a new id, so that its address may be kept for ever.
ALTER TABLE users ADD COLUMN photo_id BLOB;
CREATE TABLE photos (
    workspace_id BLOB NOT NULL,
    id           BLOB NOT NULL,
    user_id      BLOB NOT NULL,
    data         BLOB NOT NULL, -- JPEG
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, user_id),
    FOREIGN KEY (workspace_id, user_id) REFERENCES users (workspace_id, id)
);

-- How often an inbox's proactive messages were shown, opened and answered, by day (UTC).
CREATE TABLE openers (
    workspace_id BLOB    NOT NULL,
    inbox_id     BLOB    NOT NULL,
    rule         TEXT    NOT NULL,
    day          INTEGER NOT NULL, -- days since 1970
    shown        INTEGER NOT NULL,
    opened       INTEGER NOT NULL,
    answered     INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, inbox_id, rule, day),
    FOREIGN KEY (workspace_id, inbox_id) REFERENCES inboxes (workspace_id, id)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE openers;
DROP TABLE photos;
ALTER TABLE users DROP COLUMN photo_id;
