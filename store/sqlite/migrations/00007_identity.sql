-- +goose Up

-- Whom a site has named, and how a customer showed last who they are. An
-- unproven "verified" was never set by any version.
ALTER TABLE customers DROP COLUMN verified;
ALTER TABLE customers ADD COLUMN subject TEXT NOT NULL DEFAULT ''; -- the site's id
ALTER TABLE customers ADD COLUMN subject_inbox BLOB;               -- whose site that is
ALTER TABLE customers ADD COLUMN verified_by TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN verified_until INTEGER NOT NULL DEFAULT 0;
ALTER TABLE customers ADD COLUMN email_proven INTEGER NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX customers_by_subject ON customers (workspace_id, subject_inbox, subject) WHERE subject <> '';

-- The secrets that an inbox's site signs with.
CREATE TABLE identity_keys (
    n            INTEGER PRIMARY KEY,
    workspace_id BLOB    NOT NULL,
    id           BLOB    NOT NULL,
    inbox_id     BLOB    NOT NULL,
    use          TEXT    NOT NULL,
    secret       BLOB    NOT NULL,
    created_at   INTEGER NOT NULL,
    UNIQUE (workspace_id, id),
    FOREIGN KEY (workspace_id, inbox_id) REFERENCES inboxes (workspace_id, id)
);
CREATE INDEX identity_keys_of_inbox ON identity_keys (workspace_id, inbox_id, n);

-- Codes sent by e-mail. They live for minutes, and are kept for as long as they
-- count against the limits.
CREATE TABLE identity_codes (
    n               INTEGER PRIMARY KEY,
    workspace_id    BLOB    NOT NULL,
    id              BLOB    NOT NULL,
    conversation_id BLOB    NOT NULL,
    customer_id     BLOB    NOT NULL,
    email           TEXT    NOT NULL,
    email_key       TEXT    NOT NULL, -- in lower case
    hash            BLOB    NOT NULL,
    tries           INTEGER NOT NULL, -- left
    counts          INTEGER NOT NULL, -- 0 when it is used or another took its place
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,
    UNIQUE (workspace_id, id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id)
);
CREATE INDEX identity_codes_of_conversation ON identity_codes (workspace_id, conversation_id, n);
CREATE INDEX identity_codes_to_address ON identity_codes (workspace_id, email_key, created_at);
CREATE INDEX identity_codes_by_age ON identity_codes (workspace_id, created_at);

-- Anonymous customers whose conversations became another's.
CREATE TABLE merges (
    n             INTEGER PRIMARY KEY,
    workspace_id  BLOB    NOT NULL REFERENCES workspaces (id),
    id            BLOB    NOT NULL,
    from_id       BLOB    NOT NULL,
    into_id       BLOB    NOT NULL,
    conversations TEXT    NOT NULL, -- JSON
    at            INTEGER NOT NULL,
    undone_at     INTEGER NOT NULL DEFAULT 0,
    undone_by     BLOB,
    UNIQUE (workspace_id, id)
);
CREATE INDEX merges_into ON merges (workspace_id, into_id, n);

-- What was sent by e-mail, without its text.
CREATE TABLE mails (
    n               INTEGER PRIMARY KEY,
    workspace_id    BLOB    NOT NULL REFERENCES workspaces (id),
    id              BLOB    NOT NULL,
    kind            TEXT    NOT NULL,
    conversation_id BLOB,
    recipient       TEXT    NOT NULL,
    state           TEXT    NOT NULL,
    attempts        INTEGER NOT NULL,
    error           TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    UNIQUE (workspace_id, id)
);
CREATE INDEX mails_in_order ON mails (workspace_id, n);
CREATE INDEX mails_of_state ON mails (workspace_id, state, n);
CREATE INDEX mails_by_age ON mails (workspace_id, updated_at);

-- +goose Down
DROP TABLE mails;
DROP TABLE merges;
DROP TABLE identity_codes;
DROP TABLE identity_keys;
DROP INDEX customers_by_subject;
ALTER TABLE customers DROP COLUMN email_proven;
ALTER TABLE customers DROP COLUMN verified_until;
ALTER TABLE customers DROP COLUMN verified_by;
ALTER TABLE customers DROP COLUMN subject_inbox;
ALTER TABLE customers DROP COLUMN subject;
ALTER TABLE customers ADD COLUMN verified INTEGER NOT NULL DEFAULT 0;
