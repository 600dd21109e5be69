-- +goose Up

-- What somebody who waits was told: the place in the queue, and the range of
-- minutes. A place of 0: nothing.
CREATE TABLE told (
    workspace_id    uuid NOT NULL,
    conversation_id uuid NOT NULL,
    place           int  NOT NULL,
    min_wait        int  NOT NULL, -- minutes
    max_wait        int  NOT NULL,
    PRIMARY KEY (workspace_id, conversation_id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations
);
-- The same once the wait is over.
ALTER TABLE claims
    ADD COLUMN place    int NOT NULL DEFAULT 0,
    ADD COLUMN min_wait int NOT NULL DEFAULT 0,
    ADD COLUMN max_wait int NOT NULL DEFAULT 0;

-- What agents can take.
CREATE TABLE profiles (
    workspace_id uuid NOT NULL,
    user_id      uuid NOT NULL,
    profile      json NOT NULL,
    PRIMARY KEY (workspace_id, user_id),
    FOREIGN KEY (workspace_id, user_id) REFERENCES users
);

-- +goose Down
DROP TABLE profiles;
ALTER TABLE claims DROP COLUMN max_wait, DROP COLUMN min_wait, DROP COLUMN place;
DROP TABLE told;
