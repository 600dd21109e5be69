-- +goose Up

-- Agents' photos, as they are shown. A new one is a new row with a new id, so that its address may be kept for ever.
ALTER TABLE users ADD COLUMN photo_id uuid;
CREATE TABLE photos (
    workspace_id uuid  NOT NULL,
    id           uuid  NOT NULL,
    user_id      uuid  NOT NULL,
    data         bytea NOT NULL, -- JPEG
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, user_id),
    FOREIGN KEY (workspace_id, user_id) REFERENCES users
);

-- How often an inbox's proactive messages were shown, opened and answered, by day (UTC).
CREATE TABLE openers (
    workspace_id uuid   NOT NULL,
    inbox_id     uuid   NOT NULL,
    rule         text   NOT NULL,
    day          int    NOT NULL, -- days since 1970
    shown        bigint NOT NULL,
    opened       bigint NOT NULL,
    answered     bigint NOT NULL,
    PRIMARY KEY (workspace_id, inbox_id, rule, day),
    FOREIGN KEY (workspace_id, inbox_id) REFERENCES inboxes
);

-- +goose Down
DROP TABLE openers;
DROP TABLE photos;
ALTER TABLE users DROP COLUMN photo_id;
