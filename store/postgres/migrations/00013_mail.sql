-- +goose Up

-- A file belongs to a conversation and to whoever uploaded it. entry_id is the
-- client id of the entry that holds it, or is about to; settled says that this
-- entry was seen in the log, so that no sweep looks at the file again.
ALTER TABLE blobs
    ADD COLUMN conversation_id uuid,
    ADD COLUMN by_kind text NOT NULL DEFAULT '',
    ADD COLUMN by_id uuid,
    ADD COLUMN width int NOT NULL DEFAULT 0,
    ADD COLUMN height int NOT NULL DEFAULT 0,
    ADD COLUMN log text NOT NULL DEFAULT '',
    ADD COLUMN entry_id uuid,
    ADD COLUMN touched_at timestamptz NOT NULL DEFAULT 'epoch', -- made, or claimed last
    ADD COLUMN settled boolean NOT NULL DEFAULT false;
ALTER TABLE blobs ADD FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations;
CREATE INDEX blobs_unsettled ON blobs (workspace_id, touched_at) WHERE conversation_id IS NOT NULL AND NOT settled;

-- A letter brings the words of a conversation up to seq.
ALTER TABLE mails ADD COLUMN seq bigint NOT NULL DEFAULT 0;
CREATE INDEX mails_conversation ON mails (workspace_id, conversation_id, kind, seq);

-- How far the customer has read.
CREATE TABLE reads (
    workspace_id    uuid NOT NULL,
    conversation_id uuid NOT NULL,
    seq             bigint NOT NULL,
    PRIMARY KEY (workspace_id, conversation_id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations
);

-- Links that resume a conversation, by the hash of their token.
CREATE TABLE resumes (
    workspace_id    uuid NOT NULL,
    hash            bytea NOT NULL,
    conversation_id uuid NOT NULL,
    email           text NOT NULL, -- where it went
    created_at      timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, hash),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations
);
CREATE INDEX resumes_conversation ON resumes (workspace_id, conversation_id);
CREATE INDEX resumes_age ON resumes (workspace_id, expires_at);

-- +goose Down
DROP TABLE resumes;
DROP TABLE reads;
DROP INDEX mails_conversation;
ALTER TABLE mails DROP COLUMN seq;
DROP INDEX blobs_unsettled;
ALTER TABLE blobs
    DROP COLUMN conversation_id,
    DROP COLUMN by_kind,
    DROP COLUMN by_id,
    DROP COLUMN width,
    DROP COLUMN height,
    DROP COLUMN log,
    DROP COLUMN entry_id,
    DROP COLUMN touched_at,
    DROP COLUMN settled;
