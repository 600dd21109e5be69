-- +goose Up

-- How to read this schema:
--  * Every row carries workspace_id, and every key holds it. The exceptions are the workspaces themselves, console
--    sessions (found by their token alone) and pulse. It leads the primary keys and the lists; other indexes begin with
--    what is looked for: a plan made while tables are empty must not take one of them for the primary key, because
--    both begin with the workspace, and read all of it later on.
--  * All times come from the program's clock; the database's own is never asked.
--  * "number" columns are identities: they order rows made at the same microsecond. They have gaps.
--  * Documents that SQL never looks into are json, not jsonb: kept byte by byte, cheaper to write, and free to hold U+0000.
--  * Where the order of text matters it is COLLATE "C", so that it is the same on every server and in SQLite.

CREATE TABLE workspaces (
    id                uuid PRIMARY KEY,
    number            bigint GENERATED ALWAYS AS IDENTITY,
    name              text NOT NULL,
    knowledge_version bigint NOT NULL DEFAULT 0,
    created_at        timestamptz NOT NULL
);

CREATE TABLE inboxes (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    id           uuid NOT NULL,
    number       bigint GENERATED ALWAYS AS IDENTITY,
    key          text NOT NULL UNIQUE,
    name         text NOT NULL,
    settings     json NOT NULL,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id)
);

CREATE TABLE secrets (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    name         text NOT NULL,
    value        bytea NOT NULL,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, name)
);

CREATE TABLE customers (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    id           uuid NOT NULL,
    token_hash   bytea, -- null: nobody can come back as this customer
    name         text NOT NULL,
    email        text NOT NULL,
    verified     boolean NOT NULL,
    locale       text NOT NULL,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (token_hash, workspace_id)
);

CREATE TABLE users (
    workspace_id  uuid NOT NULL REFERENCES workspaces,
    id            uuid NOT NULL,
    email         text NOT NULL, -- lower case
    name          text NOT NULL,
    role          text NOT NULL,
    password_hash text NOT NULL,
    created_at    timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (email, workspace_id)
);

CREATE TABLE presence (
    workspace_id uuid NOT NULL,
    user_id      uuid NOT NULL,
    state        text NOT NULL,
    seen_at      timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, user_id),
    FOREIGN KEY (workspace_id, user_id) REFERENCES users
) WITH (fillfactor = 50); -- room for heartbeats beside the old version

CREATE TABLE sessions (
    token_hash bytea PRIMARY KEY,
    data       bytea NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE conversations (
    workspace_id  uuid NOT NULL REFERENCES workspaces,
    id            uuid NOT NULL,
    inbox_id      uuid NOT NULL,
    customer_id   uuid NOT NULL,
    owner         text NOT NULL,
    agent_id      uuid,
    epoch         bigint NOT NULL,
    status        text NOT NULL,
    last_seq      bigint NOT NULL DEFAULT 0,
    staff_seq     bigint NOT NULL DEFAULT 0,
    customer_seq  bigint NOT NULL DEFAULT 0,
    customer_at   timestamptz, -- of the message customer_seq
    answered_seq  bigint NOT NULL DEFAULT 0,
    subject       text NOT NULL,
    last_text     text NOT NULL DEFAULT '',
    last_from     text NOT NULL DEFAULT '',
    locale        text NOT NULL,
    page_url      text NOT NULL,
    page_title    text NOT NULL,
    reason        text NOT NULL DEFAULT '',
    rating        int NOT NULL DEFAULT 0,
    email         text NOT NULL DEFAULT '',
    promised_at   timestamptz,
    waiting_since timestamptz,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, inbox_id) REFERENCES inboxes,
    FOREIGN KEY (workspace_id, customer_id) REFERENCES customers
) WITH (fillfactor = 80); -- every message updates a row

-- One index for each view of the console, in its order (the few rows of one time are sorted), as small as the view. A
-- customer's conversations are few: they are sorted when asked for.
CREATE INDEX conversations_queue ON conversations (workspace_id, waiting_since) WHERE waiting_since IS NOT NULL;
CREATE INDEX conversations_mine ON conversations (agent_id, workspace_id, updated_at) WHERE status = 'open' AND owner = 'agent';
CREATE INDEX conversations_open ON conversations (workspace_id, updated_at) WHERE status = 'open';
CREATE INDEX conversations_closed ON conversations (workspace_id, updated_at) WHERE status = 'closed';
CREATE INDEX conversations_customer ON conversations (customer_id, workspace_id);
-- Awaiting and Orphans.
CREATE INDEX conversations_unanswered ON conversations (workspace_id, customer_at)
    WHERE status = 'open' AND owner <> 'agent' AND (last_from = 'customer' OR customer_seq > answered_seq);

-- No foreign key to conversations: an entry is inserted only by a transaction that holds the conversation's row lock,
-- and conversations are never deleted. The check would cost a look-up and a lock for each message.
CREATE TABLE entries (
    workspace_id    uuid NOT NULL,
    conversation_id uuid NOT NULL,
    staff           boolean NOT NULL, -- which of the two logs
    seq             bigint NOT NULL,
    client_id       uuid NOT NULL,
    at              timestamptz NOT NULL,
    kind            text NOT NULL,
    party           text NOT NULL,
    from_id         uuid,
    from_name       text NOT NULL,
    text            text NOT NULL,
    body            json, -- null when empty
    PRIMARY KEY (workspace_id, conversation_id, staff, seq)
);
CREATE UNIQUE INDEX entries_client ON entries (client_id, conversation_id, workspace_id, staff);

-- How often conversations of a workspace changed. The sum over the slots is InboxHead; the slots keep transactions
-- that have nothing to do with each other from waiting for one row.
CREATE TABLE inbox_heads (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    slot         smallint NOT NULL,
    changes      bigint NOT NULL,
    PRIMARY KEY (workspace_id, slot)
) WITH (fillfactor = 10); -- updated with every commit: room for the versions that are not pruned yet

CREATE TABLE handoffs (
    workspace_id    uuid NOT NULL,
    conversation_id uuid NOT NULL,
    number          bigint GENERATED ALWAYS AS IDENTITY,
    id              uuid NOT NULL,
    reason          text NOT NULL,
    at              timestamptz NOT NULL,
    brief           json NOT NULL,
    PRIMARY KEY (workspace_id, conversation_id, number),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations
);

-- How long conversations waited until an agent claimed them.
CREATE TABLE claims (
    workspace_id    uuid NOT NULL,
    number          bigint GENERATED ALWAYS AS IDENTITY,
    conversation_id uuid NOT NULL,
    waited          bigint NOT NULL, -- microseconds
    at              timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, number),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations
);

CREATE TABLE articles (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    id           uuid NOT NULL,
    source       text NOT NULL,
    external_id  text NOT NULL,
    version_id   uuid NOT NULL, -- the newest
    number       int NOT NULL,  -- of that version
    title        text NOT NULL,
    url          text NOT NULL,
    tags         text[] NOT NULL,
    locale       text NOT NULL,
    visibility   text NOT NULL,
    status       text NOT NULL,
    hash         bytea NOT NULL, -- of the input of that version
    search       text NOT NULL,  -- title and external id in lower case, as the program does it
    revision     bigint NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (external_id, source, workspace_id),
    UNIQUE (version_id, workspace_id),
    UNIQUE (workspace_id, revision)
);

CREATE TABLE versions (
    workspace_id uuid NOT NULL,
    id           uuid NOT NULL,
    article_id   uuid NOT NULL,
    number       int NOT NULL,
    title        text NOT NULL,
    body         text NOT NULL,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (article_id, workspace_id, number),
    FOREIGN KEY (workspace_id, article_id) REFERENCES articles
);

-- Of the newest version of each article only: older ones are read, never searched.
CREATE TABLE chunks (
    workspace_id uuid NOT NULL,
    version_id   uuid NOT NULL,
    ordinal      int NOT NULL,
    start_byte   int NOT NULL,
    end_byte     int NOT NULL,
    headings     text[] NOT NULL,
    text         text NOT NULL,
    hash         bytea NOT NULL,
    PRIMARY KEY (workspace_id, version_id, ordinal),
    FOREIGN KEY (workspace_id, version_id) REFERENCES versions
);
CREATE INDEX chunks_hash ON chunks (hash, workspace_id);

-- The truth about vectors, with pgvector or without: float32, little endian. Indexes made from it are tables of their
-- own outside of the migrations; see vectorindex.go.
CREATE TABLE vectors (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    model        text NOT NULL,
    hash         bytea NOT NULL,
    value        bytea NOT NULL,
    PRIMARY KEY (workspace_id, model, hash)
);
-- Random bytes do not compress: do not try.
ALTER TABLE vectors ALTER COLUMN value SET STORAGE EXTERNAL;

CREATE TABLE leases (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    key          text NOT NULL,
    holder       text, -- null: given back
    fence        bigint NOT NULL,
    until        timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, key)
) WITH (fillfactor = 50); -- renewed all the time

CREATE TABLE jobs (
    workspace_id  uuid NOT NULL REFERENCES workspaces,
    id            uuid NOT NULL,
    kind          text NOT NULL,
    args          json,
    unique_key    text, -- null: not unique
    run_at        timestamptz NOT NULL,
    attempts      int NOT NULL DEFAULT 0,
    error         text NOT NULL DEFAULT '',
    holder        text, -- null: not claimed
    claimed_until timestamptz,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX jobs_due ON jobs (kind, workspace_id, run_at, id);
CREATE INDEX jobs_unique ON jobs (unique_key, kind, workspace_id) WHERE unique_key IS NOT NULL;

-- Files that are being written, and those that were when their process died: their rows are removed at the next start
-- after a day.
CREATE TABLE uploads (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    id           uuid NOT NULL,
    started_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id)
);

CREATE TABLE blobs (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    id           uuid NOT NULL,
    upload_id    uuid NOT NULL,
    name         text NOT NULL,
    type         text NOT NULL,
    size         bigint NOT NULL,
    sha256       bytea NOT NULL,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id)
);

CREATE TABLE blob_rows (
    workspace_id uuid NOT NULL,
    upload_id    uuid NOT NULL,
    number       int NOT NULL, -- from 0; every row but the last is 256 KiB
    data         bytea NOT NULL,
    PRIMARY KEY (workspace_id, upload_id, number)
);
-- Pictures and the like are compressed already.
ALTER TABLE blob_rows ALTER COLUMN data SET STORAGE EXTERNAL;

-- What Ping writes to.
CREATE TABLE pulse (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    at  timestamptz NOT NULL
) WITH (fillfactor = 10);

-- +goose Down
DROP TABLE pulse;
DROP TABLE blob_rows;
DROP TABLE blobs;
DROP TABLE uploads;
DROP TABLE jobs;
DROP TABLE leases;
DROP TABLE vectors;
DROP TABLE chunks;
DROP TABLE versions;
DROP TABLE articles;
DROP TABLE claims;
DROP TABLE handoffs;
DROP TABLE inbox_heads;
DROP TABLE entries;
DROP TABLE conversations;
DROP TABLE sessions;
DROP TABLE presence;
DROP TABLE users;
DROP TABLE customers;
DROP TABLE secrets;
DROP TABLE inboxes;
DROP TABLE workspaces;
