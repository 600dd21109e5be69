-- +goose Up

-- Whom a site has named, and how a customer showed last who they are. An
-- unproven "verified" was never set by any version.
ALTER TABLE customers
    DROP COLUMN verified,
    ADD COLUMN subject        text NOT NULL DEFAULT '', -- the site's id
    ADD COLUMN subject_inbox  uuid,                     -- whose site that is
    ADD COLUMN verified_by    text NOT NULL DEFAULT '',
    ADD COLUMN verified_until timestamptz,
    ADD COLUMN email_proven   boolean NOT NULL DEFAULT false;
CREATE UNIQUE INDEX customers_subject ON customers (subject_inbox, subject, workspace_id) WHERE subject <> '';

-- The secrets that an inbox's site signs with.
CREATE TABLE identity_keys (
    workspace_id uuid NOT NULL,
    id           uuid NOT NULL,
    number       bigint GENERATED ALWAYS AS IDENTITY,
    inbox_id     uuid NOT NULL,
    use          text NOT NULL,
    secret       bytea NOT NULL,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, inbox_id) REFERENCES inboxes
);
CREATE INDEX identity_keys_inbox ON identity_keys (inbox_id, workspace_id, number);

-- Codes sent by e-mail. They live for minutes, and are kept for as long as they
-- count against the limits.
CREATE TABLE identity_codes (
    workspace_id    uuid NOT NULL,
    id              uuid NOT NULL,
    number          bigint GENERATED ALWAYS AS IDENTITY,
    conversation_id uuid NOT NULL,
    customer_id     uuid NOT NULL,
    email           text NOT NULL,
    email_key       text NOT NULL, -- in lower case
    hash            bytea NOT NULL,
    tries           int NOT NULL, -- left
    counts          boolean NOT NULL, -- false when it is used or another took its place
    created_at      timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations
);
CREATE INDEX identity_codes_conversation ON identity_codes (conversation_id, workspace_id, number);
CREATE INDEX identity_codes_address ON identity_codes (email_key, workspace_id, created_at);
CREATE INDEX identity_codes_age ON identity_codes (workspace_id, created_at);

-- Anonymous customers whose conversations became another's.
CREATE TABLE merges (
    workspace_id  uuid NOT NULL REFERENCES workspaces,
    id            uuid NOT NULL,
    number        bigint GENERATED ALWAYS AS IDENTITY,
    from_id       uuid NOT NULL,
    into_id       uuid NOT NULL,
    conversations uuid[] NOT NULL,
    at            timestamptz NOT NULL,
    undone_at     timestamptz,
    undone_by     uuid,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX merges_into ON merges (into_id, workspace_id, number);

-- What was sent by e-mail, without its text.
CREATE TABLE mails (
    workspace_id    uuid NOT NULL REFERENCES workspaces,
    id              uuid NOT NULL,
    number          bigint GENERATED ALWAYS AS IDENTITY,
    kind            text NOT NULL,
    conversation_id uuid,
    recipient       text NOT NULL,
    state           text NOT NULL,
    attempts        int NOT NULL,
    error           text NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX mails_order ON mails (workspace_id, number);
CREATE INDEX mails_state ON mails (workspace_id, state, number);
CREATE INDEX mails_age ON mails (workspace_id, updated_at);

-- +goose Down
DROP TABLE mails;
DROP TABLE merges;
DROP TABLE identity_codes;
DROP TABLE identity_keys;
DROP INDEX customers_subject;
ALTER TABLE customers
    DROP COLUMN subject,
    DROP COLUMN subject_inbox,
    DROP COLUMN verified_by,
    DROP COLUMN verified_until,
    DROP COLUMN email_proven,
    ADD COLUMN verified boolean NOT NULL DEFAULT false;
