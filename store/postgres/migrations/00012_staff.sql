-- +goose Up

ALTER TABLE users
    ADD COLUMN disabled_at timestamptz,
    ADD COLUMN issuer      text NOT NULL DEFAULT '', -- who she is at an identity provider
    ADD COLUMN subject     text NOT NULL DEFAULT '',
    ADD COLUMN link_hash   bytea,                    -- of the token with which she may set a password
    ADD COLUMN link_until  timestamptz;
CREATE UNIQUE INDEX users_subject ON users (subject, issuer, workspace_id) WHERE subject <> '';
CREATE UNIQUE INDEX users_link ON users (link_hash, workspace_id) WHERE link_hash IS NOT NULL;

-- Sessions say whose they are, so that they can be listed and ended. Those from
-- before do not: everybody signs in once more.
DROP TABLE sessions;
CREATE TABLE sessions (
    token_hash   bytea PRIMARY KEY,
    workspace_id uuid NOT NULL,
    id           uuid NOT NULL,
    user_id      uuid NOT NULL,
    way          text NOT NULL,
    address      text NOT NULL,
    device       text NOT NULL,
    data         bytea NOT NULL,
    created_at   timestamptz NOT NULL,
    used_at      timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    FOREIGN KEY (workspace_id, user_id) REFERENCES users
);
CREATE INDEX sessions_expiry ON sessions (expires_at);
CREATE INDEX sessions_user ON sessions (user_id, workspace_id, used_at);

-- Who did what. Rows are only added, and removed when they are old.
CREATE TABLE audit (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    id           uuid NOT NULL,
    number       bigint GENERATED ALWAYS AS IDENTITY,
    at           timestamptz NOT NULL,
    actor_kind   text NOT NULL,
    actor_id     uuid NOT NULL, -- zeros: no user
    actor_name   text NOT NULL,
    action       text NOT NULL,
    object_kind  text NOT NULL,
    object_id    text NOT NULL,
    detail       json NOT NULL,
    address      text NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX audit_order ON audit (workspace_id, number);
CREATE INDEX audit_actor ON audit (actor_id, workspace_id, number);
CREATE INDEX audit_action ON audit (action, workspace_id, number);
CREATE INDEX audit_object ON audit (object_id, workspace_id, number);
CREATE INDEX audit_age ON audit (workspace_id, at);

-- +goose StatementBegin
CREATE FUNCTION audit_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is not changed';
END $$;
-- +goose StatementEnd
CREATE TRIGGER audit_is_final BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION audit_is_final();

-- +goose Down
DROP TABLE audit;
DROP FUNCTION audit_is_final();
DROP TABLE sessions;
CREATE TABLE sessions (
    token_hash bytea PRIMARY KEY,
    data       bytea NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_expiry ON sessions (expires_at);
ALTER TABLE users
    DROP COLUMN link_until,
    DROP COLUMN link_hash,
    DROP COLUMN subject,
    DROP COLUMN issuer,
    DROP COLUMN disabled_at;
