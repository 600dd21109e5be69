-- +goose Up

CREATE TABLE tags (
    n            INTEGER PRIMARY KEY,
    workspace_id BLOB    NOT NULL REFERENCES workspaces (id),
    id           BLOB    NOT NULL,
    name         TEXT    NOT NULL,
    key          TEXT    NOT NULL, -- the words of the name
    UNIQUE (workspace_id, id),
    UNIQUE (workspace_id, key)
);
CREATE TABLE conversation_tags (
    tag          INTEGER NOT NULL REFERENCES tags (n),
    conversation INTEGER NOT NULL REFERENCES conversations (n),
    PRIMARY KEY (tag, conversation)
) WITHOUT ROWID;
CREATE INDEX conversation_tags_of ON conversation_tags (conversation, tag);

-- tags are the names, once more, for the lists: a JSON array.
ALTER TABLE conversations ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';

-- What conversations are found by. A conversation is to be indexed (again) while indexed is less than what was said in
-- it and changed around it; touched counts the latter. Those that are there already are indexed after the start.
ALTER TABLE conversations ADD COLUMN touched INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN indexed INTEGER NOT NULL DEFAULT -1;
CREATE INDEX conversations_unindexed ON conversations (workspace_id) WHERE indexed < last_seq + staff_seq + touched;
-- The rowid is the conversation's. The words are made by the program: nothing is left for a tokenizer to do.
CREATE VIRTUAL TABLE conversation_words USING fts5 (words, content = '', contentless_delete = 1, tokenize = 'ascii');

-- +goose StatementBegin
CREATE TRIGGER customers_renamed AFTER UPDATE OF name, email ON customers WHEN OLD.name <> NEW.name OR OLD.email <> NEW.email
BEGIN
    UPDATE conversations SET touched = touched + 1 WHERE workspace_id = NEW.workspace_id AND customer_id = NEW.id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER conversations_given AFTER UPDATE OF customer_id, tags ON conversations
BEGIN
    UPDATE conversations SET touched = touched + 1 WHERE n = NEW.n;
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER conversations_given;
DROP TRIGGER customers_renamed;
DROP TABLE conversation_words;
DROP INDEX conversations_unindexed;
ALTER TABLE conversations DROP COLUMN indexed;
ALTER TABLE conversations DROP COLUMN touched;
ALTER TABLE conversations DROP COLUMN tags;
DROP TABLE conversation_tags;
DROP TABLE tags;
