-- +goose Up

ALTER TABLE users ADD COLUMN disabled_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN issuer TEXT NOT NULL DEFAULT ''; -- who she is at an identity provider
ALTER TABLE users ADD COLUMN subject TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN link_hash BLOB; -- of the token with which she may set a password
ALTER TABLE users ADD COLUMN link_until INTEGER NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX users_by_subject ON users (workspace_id, issuer, subject) WHERE subject <> '';
CREATE UNIQUE INDEX users_by_link ON users (workspace_id, link_hash) WHERE link_hash IS NOT NULL;

-- Sessions say whose they are, so that they can be listed and ended. Those from
-- before do not: everybody signs in once more.
DROP TABLE sessions;
CREATE TABLE sessions (
    token_hash   BLOB    PRIMARY KEY,
    workspace_id BLOB    NOT NULL,
    id           BLOB    NOT NULL,
    user_id      BLOB    NOT NULL,
    way          TEXT    NOT NULL,
    address      TEXT    NOT NULL,
    device       TEXT    NOT NULL,
    data         BLOB    NOT NULL,
    created_at   INTEGER NOT NULL,
    used_at      INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    FOREIGN KEY (workspace_id, user_id) REFERENCES users (workspace_id, id)
) WITHOUT ROWID;
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
CREATE INDEX sessions_of_user ON sessions (workspace_id, user_id, used_at);

-- Who did what. Rows are only added, and removed when they are old.
CREATE TABLE audit (
    n            INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice: cursors are made of it
    workspace_id BLOB    NOT NULL REFERENCES workspaces (id),
    id           BLOB    NOT NULL,
    at           INTEGER NOT NULL,
    actor_kind   TEXT    NOT NULL,
    actor_id     BLOB    NOT NULL, -- 16 zeros: no user
    actor_name   TEXT    NOT NULL,
    action       TEXT    NOT NULL,
    object_kind  TEXT    NOT NULL,
    object_id    TEXT    NOT NULL,
    detail       TEXT    NOT NULL, -- JSON
    address      TEXT    NOT NULL,
    UNIQUE (workspace_id, id)
);
CREATE INDEX audit_in_order ON audit (workspace_id, n);
CREATE INDEX audit_by_actor ON audit (workspace_id, actor_id, n);
CREATE INDEX audit_by_action ON audit (workspace_id, action, n);
CREATE INDEX audit_by_object ON audit (workspace_id, object_id, n);
CREATE INDEX audit_by_age ON audit (workspace_id, at);

-- +goose StatementBegin
CREATE TRIGGER audit_is_final BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit log is not changed');
END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE audit;
DROP TABLE sessions;
CREATE TABLE sessions (
    token_hash BLOB    PRIMARY KEY,
    data       BLOB    NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
DROP INDEX users_by_link;
DROP INDEX users_by_subject;
ALTER TABLE users DROP COLUMN link_until;
ALTER TABLE users DROP COLUMN link_hash;
ALTER TABLE users DROP COLUMN subject;
ALTER TABLE users DROP COLUMN issuer;
ALTER TABLE users DROP COLUMN disabled_at;
