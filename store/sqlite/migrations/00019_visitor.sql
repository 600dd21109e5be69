-- +goose Up

-- What the page and the site's token say of a customer (JSON: lists of chat.Attribute), and since when the customer
-- agrees that the former is kept.
ALTER TABLE customers ADD COLUMN page_attributes TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN token_attributes TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN consented_at INTEGER NOT NULL DEFAULT 0;

-- What customers did on the website.
CREATE TABLE activity (
    n            INTEGER PRIMARY KEY,
    workspace_id BLOB    NOT NULL,
    customer_id  BLOB    NOT NULL,
    at           INTEGER NOT NULL,
    body         TEXT    NOT NULL, -- JSON: all of a chat.Activity
    FOREIGN KEY (workspace_id, customer_id) REFERENCES customers (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX activity_of_customer ON activity (workspace_id, customer_id, n);
CREATE INDEX activity_by_age ON activity (workspace_id, at);

-- Why a conversation has its priority. JSON: a chat.Cause.
ALTER TABLE conversations ADD COLUMN priority_why TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE conversations DROP COLUMN priority_why;
DROP TABLE activity;
ALTER TABLE customers DROP COLUMN consented_at;
ALTER TABLE customers DROP COLUMN token_attributes;
ALTER TABLE customers DROP COLUMN page_attributes;
