-- +goose Up

-- What somebody who waits was told: the place in the queue, and the range of
-- minutes. A place of 0: nothing.
CREATE TABLE told (
    conversation INTEGER PRIMARY KEY REFERENCES conversations (n),
    place        INTEGER NOT NULL,
    min_wait     INTEGER NOT NULL, -- minutes
    max_wait     INTEGER NOT NULL
);
-- The same once the wait is over, and when that was (0: before this was noted).
ALTER TABLE waits ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE waits ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
ALTER TABLE waits ADD COLUMN min_wait INTEGER NOT NULL DEFAULT 0;
ALTER TABLE waits ADD COLUMN max_wait INTEGER NOT NULL DEFAULT 0;

-- What agents can take.
CREATE TABLE profiles (
    workspace_id BLOB NOT NULL,
    user_id      BLOB NOT NULL,
    profile      TEXT NOT NULL, -- JSON
    PRIMARY KEY (workspace_id, user_id),
    FOREIGN KEY (workspace_id, user_id) REFERENCES users (workspace_id, id)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE profiles;
ALTER TABLE waits DROP COLUMN max_wait;
ALTER TABLE waits DROP COLUMN min_wait;
ALTER TABLE waits DROP COLUMN place;
ALTER TABLE waits DROP COLUMN at;
DROP TABLE told;
