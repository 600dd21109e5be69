-- +goose Up

-- Ids are 16-byte UUIDs, unique within a workspace only. Times are microseconds
-- since 1970 in UTC, 0 for "never". n is SQLite's rowid: short keys for what
-- refers to a row often, in the order in which rows were made.

CREATE TABLE workspaces (
    n                 INTEGER PRIMARY KEY,
    id                BLOB    NOT NULL UNIQUE,
    name              TEXT    NOT NULL,
    inbox_head        INTEGER NOT NULL DEFAULT 0, -- rises with every commit that changed a conversation
    knowledge_version INTEGER NOT NULL DEFAULT 0, -- rises with every change of an article
    created_at        INTEGER NOT NULL
);

CREATE TABLE inboxes (
    n            INTEGER PRIMARY KEY,
    workspace_id BLOB    NOT NULL REFERENCES workspaces (id),
    id           BLOB    NOT NULL,
    key          TEXT    NOT NULL UNIQUE,
    name         TEXT    NOT NULL,
    settings     TEXT    NOT NULL, -- JSON
    created_at   INTEGER NOT NULL,
    UNIQUE (workspace_id, id)
);

CREATE TABLE secrets (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    name         TEXT NOT NULL,
    value        BLOB NOT NULL,
    PRIMARY KEY (workspace_id, name)
) WITHOUT ROWID;

CREATE TABLE customers (
    n            INTEGER PRIMARY KEY,
    workspace_id BLOB    NOT NULL REFERENCES workspaces (id),
    id           BLOB    NOT NULL,
    token_hash   BLOB,             -- NULL: nobody can come back as this customer
    name         TEXT    NOT NULL,
    email        TEXT    NOT NULL,
    verified     INTEGER NOT NULL,
    locale       TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    UNIQUE (workspace_id, id),
    UNIQUE (workspace_id, token_hash)
);

CREATE TABLE users (
    n             INTEGER PRIMARY KEY,
    workspace_id  BLOB    NOT NULL REFERENCES workspaces (id),
    id            BLOB    NOT NULL,
    email         TEXT    NOT NULL, -- lower case
    name          TEXT    NOT NULL,
    role          TEXT    NOT NULL,
    password_hash TEXT    NOT NULL,
    presence      TEXT    NOT NULL DEFAULT 'offline',
    seen_at       INTEGER NOT NULL DEFAULT 0,
    created_at    INTEGER NOT NULL,
    UNIQUE (workspace_id, id),
    UNIQUE (workspace_id, email)
);

-- Console sessions belong to no workspace: their data says whose they are.
CREATE TABLE sessions (
    token_hash BLOB    PRIMARY KEY,
    data       BLOB    NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE conversations (
    n            INTEGER PRIMARY KEY,
    workspace_id BLOB    NOT NULL REFERENCES workspaces (id),
    id           BLOB    NOT NULL,
    inbox_id     BLOB    NOT NULL,
    customer_id  BLOB    NOT NULL,
    owner        TEXT    NOT NULL,
    agent_id     BLOB,              -- while owner is agent
    epoch        INTEGER NOT NULL,
    status       TEXT    NOT NULL,
    last_seq     INTEGER NOT NULL DEFAULT 0,
    staff_seq    INTEGER NOT NULL DEFAULT 0,
    customer_seq INTEGER NOT NULL DEFAULT 0,
    customer_at  INTEGER NOT NULL DEFAULT 0, -- when the entry customer_seq was stored
    answered_seq INTEGER NOT NULL DEFAULT 0,
    subject      TEXT    NOT NULL,
    last_text    TEXT    NOT NULL DEFAULT '',
    last_from    TEXT    NOT NULL DEFAULT '',
    locale       TEXT    NOT NULL,
    page_url     TEXT    NOT NULL,
    page_title   TEXT    NOT NULL,
    reason       TEXT    NOT NULL DEFAULT '',
    rating       INTEGER NOT NULL DEFAULT 0,
    email        TEXT    NOT NULL DEFAULT '',
    promised_at  INTEGER NOT NULL DEFAULT 0,
    waiting_at   INTEGER NOT NULL DEFAULT 0, -- while it waits in the queue
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    UNIQUE (workspace_id, id),
    FOREIGN KEY (workspace_id, inbox_id) REFERENCES inboxes (workspace_id, id),
    FOREIGN KEY (workspace_id, customer_id) REFERENCES customers (workspace_id, id)
);
-- The lists of the console. A customer's is short: it is sorted when asked for.
CREATE INDEX conversations_by_change ON conversations (workspace_id, status, updated_at, id);
CREATE INDEX conversations_by_customer ON conversations (workspace_id, customer_id);
CREATE INDEX conversations_of_agents ON conversations (workspace_id, agent_id, updated_at, id)
    WHERE owner = 'agent' AND status = 'open';
CREATE INDEX conversations_in_queue ON conversations (workspace_id, waiting_at, id) WHERE waiting_at > 0;
-- Where somebody should say something: the bot's runner and the orphan monitor ask for these.
CREATE INDEX conversations_open_word ON conversations (workspace_id, customer_at, id)
    WHERE status = 'open' AND owner <> 'agent' AND (customer_seq > answered_seq OR last_from = 'customer');

CREATE TABLE entries (
    n            INTEGER PRIMARY KEY,
    workspace_id BLOB    NOT NULL,
    conversation INTEGER NOT NULL REFERENCES conversations (n),
    log          TEXT    NOT NULL,
    seq          INTEGER NOT NULL,
    client_id    BLOB    NOT NULL,
    at           INTEGER NOT NULL,
    from_kind    TEXT    NOT NULL,
    from_id      BLOB,
    from_name    TEXT    NOT NULL,
    kind         TEXT    NOT NULL,
    text         TEXT    NOT NULL,
    body         TEXT    NOT NULL, -- JSON; '' when there is nothing in it
    UNIQUE (conversation, log, seq),
    UNIQUE (conversation, log, client_id)
);

CREATE TABLE handoffs (
    n            INTEGER PRIMARY KEY,
    workspace_id BLOB    NOT NULL,
    conversation INTEGER NOT NULL REFERENCES conversations (n),
    id           BLOB    NOT NULL,
    reason       TEXT    NOT NULL,
    at           INTEGER NOT NULL,
    brief        TEXT    NOT NULL  -- JSON
);
CREATE INDEX handoffs_by_conversation ON handoffs (conversation, n);

-- How long claimed conversations had waited.
CREATE TABLE waits (
    n            INTEGER PRIMARY KEY,
    workspace_id BLOB    NOT NULL,
    conversation INTEGER NOT NULL REFERENCES conversations (n),
    waited       INTEGER NOT NULL  -- microseconds
);
CREATE INDEX waits_by_workspace ON waits (workspace_id, n);

CREATE TABLE articles (
    n            INTEGER PRIMARY KEY,
    workspace_id BLOB    NOT NULL REFERENCES workspaces (id),
    id           BLOB    NOT NULL,
    source       TEXT    NOT NULL,
    external_id  TEXT    NOT NULL,
    version_id   BLOB    NOT NULL, -- the newest
    number       INTEGER NOT NULL, -- its number
    hash         BLOB    NOT NULL, -- of its input
    title        TEXT    NOT NULL,
    url          TEXT    NOT NULL,
    tags         TEXT    NOT NULL, -- JSON
    locale       TEXT    NOT NULL,
    visibility   TEXT    NOT NULL,
    status       TEXT    NOT NULL,
    revision     INTEGER NOT NULL,
    words        TEXT    NOT NULL, -- title and external id in lower case, for the list's search
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    UNIQUE (workspace_id, id),
    UNIQUE (workspace_id, source, external_id),
    UNIQUE (workspace_id, version_id)
);
-- Not UNIQUE: a batch may pass through a state in which two rows agree.
CREATE INDEX articles_by_revision ON articles (workspace_id, revision);

CREATE TABLE article_versions (
    n            INTEGER PRIMARY KEY,
    workspace_id BLOB    NOT NULL,
    id           BLOB    NOT NULL,
    article_id   BLOB    NOT NULL,
    number       INTEGER NOT NULL,
    title        TEXT    NOT NULL,
    body         TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    UNIQUE (workspace_id, id),
    UNIQUE (workspace_id, article_id, number),
    FOREIGN KEY (workspace_id, article_id) REFERENCES articles (workspace_id, id)
);

-- The chunks of each article's newest version.
CREATE TABLE chunks (
    n            INTEGER PRIMARY KEY,
    workspace_id BLOB    NOT NULL,
    version_id   BLOB    NOT NULL,
    ordinal      INTEGER NOT NULL,
    start_byte   INTEGER NOT NULL,
    end_byte     INTEGER NOT NULL,
    headings     TEXT    NOT NULL, -- JSON
    text         TEXT    NOT NULL,
    hash         BLOB    NOT NULL,
    UNIQUE (workspace_id, version_id, ordinal),
    FOREIGN KEY (workspace_id, version_id) REFERENCES article_versions (workspace_id, id)
);

CREATE TABLE vectors (
    n            INTEGER PRIMARY KEY,
    workspace_id BLOB    NOT NULL REFERENCES workspaces (id),
    model        TEXT    NOT NULL,
    hash         BLOB    NOT NULL,
    data         BLOB    NOT NULL, -- float32, little-endian
    UNIQUE (workspace_id, model, hash)
);

CREATE TABLE leases (
    workspace_id BLOB    NOT NULL REFERENCES workspaces (id),
    key          TEXT    NOT NULL,
    holder       TEXT    NOT NULL, -- '' when it was given back
    fence        INTEGER NOT NULL,
    until        INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, key)
) WITHOUT ROWID;

CREATE TABLE jobs (
    n             INTEGER PRIMARY KEY,
    workspace_id  BLOB    NOT NULL REFERENCES workspaces (id),
    id            BLOB    NOT NULL,
    kind          TEXT    NOT NULL,
    args          BLOB    NOT NULL,
    unique_key    TEXT    NOT NULL,
    run_at        INTEGER NOT NULL,
    attempts      INTEGER NOT NULL DEFAULT 0,
    error         TEXT    NOT NULL DEFAULT '',
    claimed_by    TEXT    NOT NULL DEFAULT '',
    claimed_until INTEGER NOT NULL DEFAULT 0,
    UNIQUE (workspace_id, id)
);
CREATE INDEX jobs_due ON jobs (workspace_id, kind, run_at, id);
CREATE INDEX jobs_unique ON jobs (workspace_id, kind, unique_key, run_at, id) WHERE unique_key <> '';

CREATE TABLE blobs (
    n            INTEGER PRIMARY KEY,
    workspace_id BLOB    NOT NULL REFERENCES workspaces (id),
    id           BLOB    NOT NULL,
    upload       BLOB    NOT NULL UNIQUE, -- its rows in blob_rows
    name         TEXT    NOT NULL,
    type         TEXT    NOT NULL,
    size         INTEGER NOT NULL,
    sha256       BLOB    NOT NULL,
    created_at   INTEGER NOT NULL,
    UNIQUE (workspace_id, id)
);

-- Rows come before the blob that makes them count; those of an upload without
-- one are what a crash left, and are removed when the store is opened.
CREATE TABLE blob_rows (
    n            INTEGER PRIMARY KEY,
    workspace_id BLOB    NOT NULL REFERENCES workspaces (id),
    upload       BLOB    NOT NULL,
    ordinal      INTEGER NOT NULL,
    data         BLOB    NOT NULL,
    UNIQUE (upload, ordinal)
);

-- One row that Ping writes, to learn whether the disk takes writes.
CREATE TABLE pings (
    n  INTEGER PRIMARY KEY CHECK (n = 1),
    at INTEGER NOT NULL
);

-- +goose Down
DROP TABLE pings;
DROP TABLE blob_rows;
DROP TABLE blobs;
DROP TABLE jobs;
DROP TABLE leases;
DROP TABLE vectors;
DROP TABLE chunks;
DROP TABLE article_versions;
DROP TABLE articles;
DROP TABLE waits;
DROP TABLE handoffs;
DROP TABLE entries;
DROP TABLE conversations;
DROP TABLE sessions;
DROP TABLE users;
DROP TABLE customers;
DROP TABLE secrets;
DROP TABLE inboxes;
DROP TABLE workspaces;
