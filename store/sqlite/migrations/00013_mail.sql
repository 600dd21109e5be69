-- +goose Up

-- A file belongs to a conversation and to whoever uploaded it. entry_id is the
-- client id of the entry that holds it, or is about to; settled says that this
-- entry was seen in the log, so that no sweep looks at the file again.
ALTER TABLE blobs ADD COLUMN conversation_id BLOB;
ALTER TABLE blobs ADD COLUMN by_kind TEXT NOT NULL DEFAULT '';
ALTER TABLE blobs ADD COLUMN by_id BLOB;
ALTER TABLE blobs ADD COLUMN width INTEGER NOT NULL DEFAULT 0;
ALTER TABLE blobs ADD COLUMN height INTEGER NOT NULL DEFAULT 0;
ALTER TABLE blobs ADD COLUMN log TEXT NOT NULL DEFAULT '';
ALTER TABLE blobs ADD COLUMN entry_id BLOB;
ALTER TABLE blobs ADD COLUMN touched_at INTEGER NOT NULL DEFAULT 0; -- made, or claimed last
ALTER TABLE blobs ADD COLUMN settled INTEGER NOT NULL DEFAULT 0;
CREATE INDEX blobs_unsettled ON blobs (workspace_id, touched_at) WHERE conversation_id IS NOT NULL AND settled = 0;

-- A letter brings the words of a conversation up to seq.
ALTER TABLE mails ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;
CREATE INDEX mails_of_conversation ON mails (workspace_id, conversation_id, kind, seq);

-- How far the customer has read.
CREATE TABLE reads (
    n               INTEGER PRIMARY KEY,
    workspace_id    BLOB    NOT NULL,
    conversation_id BLOB    NOT NULL,
    seq             INTEGER NOT NULL,
    UNIQUE (workspace_id, conversation_id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id)
);

-- Links that resume a conversation, by the hash of their token.
CREATE TABLE resumes (
    n               INTEGER PRIMARY KEY,
    workspace_id    BLOB    NOT NULL,
    hash            BLOB    NOT NULL,
    conversation_id BLOB    NOT NULL,
    email           TEXT    NOT NULL, -- where it went
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,
    UNIQUE (workspace_id, hash),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id)
);
CREATE INDEX resumes_of_conversation ON resumes (workspace_id, conversation_id);
CREATE INDEX resumes_by_age ON resumes (workspace_id, expires_at);

-- +goose Down
DROP TABLE resumes;
DROP TABLE reads;
DROP INDEX mails_of_conversation;
ALTER TABLE mails DROP COLUMN seq;
DROP INDEX blobs_unsettled;
ALTER TABLE blobs DROP COLUMN settled;
ALTER TABLE blobs DROP COLUMN touched_at;
ALTER TABLE blobs DROP COLUMN entry_id;
ALTER TABLE blobs DROP COLUMN log;
ALTER TABLE blobs DROP COLUMN height;
ALTER TABLE blobs DROP COLUMN width;
ALTER TABLE blobs DROP COLUMN by_id;
ALTER TABLE blobs DROP COLUMN by_kind;
ALTER TABLE blobs DROP COLUMN conversation_id;
