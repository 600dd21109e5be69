-- +goose Up

-- Questions of customers that articles answer. Accepted ones are units of their article for search.
CREATE TABLE questions (
    workspace_id uuid NOT NULL,
    id           uuid NOT NULL,
    number       bigint GENERATED ALWAYS AS IDENTITY, -- the order of the list
    article_id   uuid NOT NULL,
    text         text NOT NULL,
    hash         bytea NOT NULL, -- of the text: the key of its vector
    origin       text NOT NULL,
    source       text NOT NULL,
    external_id  text NOT NULL,
    status       text NOT NULL,
    match        text NOT NULL,
    score        double precision NOT NULL,
    decided_by   uuid, -- null: the operator, or nobody yet
    decided_at   timestamptz,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (external_id, source, origin, workspace_id),
    FOREIGN KEY (workspace_id, article_id) REFERENCES articles
);
CREATE INDEX questions_article ON questions (article_id, workspace_id, number);
CREATE INDEX questions_number ON questions (workspace_id, number);

-- +goose Down
DROP TABLE questions;
