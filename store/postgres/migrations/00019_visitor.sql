-- +goose Up

-- What the page and the site's token say of a customer (lists of chat.Attribute), and since when the customer agrees
-- that the former is kept.
ALTER TABLE customers
    ADD COLUMN page_attributes  json,
    ADD COLUMN token_attributes json,
    ADD COLUMN consented_at     timestamptz;

-- What customers did on the website.
CREATE TABLE activity (
    number       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workspace_id uuid        NOT NULL,
    customer_id  uuid        NOT NULL,
    at           timestamptz NOT NULL,
    body         json        NOT NULL, -- all of a chat.Activity
    FOREIGN KEY (workspace_id, customer_id) REFERENCES customers ON DELETE CASCADE
);
CREATE INDEX activity_customer ON activity (workspace_id, customer_id, number);
CREATE INDEX activity_age ON activity (workspace_id, at);

-- Why a conversation has its priority: a chat.Cause.
ALTER TABLE conversations ADD COLUMN priority_why json;

-- +goose Down
ALTER TABLE conversations DROP COLUMN priority_why;
DROP TABLE activity;
ALTER TABLE customers
    DROP COLUMN page_attributes,
    DROP COLUMN token_attributes,
    DROP COLUMN consented_at;
