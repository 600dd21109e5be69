-- +goose Up

CREATE TABLE tags (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    id           uuid NOT NULL,
    name         text NOT NULL,
    key          text COLLATE "C" NOT NULL, -- the words of the name
    PRIMARY KEY (workspace_id, id),
    UNIQUE (key, workspace_id)
);
CREATE TABLE conversation_tags (
    workspace_id    uuid NOT NULL,
    conversation_id uuid NOT NULL,
    tag_id          uuid NOT NULL,
    PRIMARY KEY (workspace_id, conversation_id, tag_id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations,
    FOREIGN KEY (workspace_id, tag_id) REFERENCES tags
);
CREATE INDEX conversation_tags_tag ON conversation_tags (tag_id, workspace_id, conversation_id);

-- tags are the names, once more, for the lists. A conversation is to be indexed (again) while indexed is less than what
-- was said in it and changed around it; touched counts the latter. Those that are there already are indexed after the start.
ALTER TABLE conversations
    ADD COLUMN tags    text[] NOT NULL DEFAULT '{}',
    ADD COLUMN touched bigint NOT NULL DEFAULT 0,
    ADD COLUMN indexed bigint NOT NULL DEFAULT -1;
CREATE INDEX conversations_unindexed ON conversations (workspace_id, id) WHERE indexed < last_seq + staff_seq + touched;

-- What conversations are found by. The words are made by the program: no text search configuration has a say.
CREATE TABLE conversation_words (
    workspace_id    uuid NOT NULL,
    conversation_id uuid NOT NULL,
    created_at      timestamptz NOT NULL, -- of the conversation
    words           tsvector NOT NULL,
    PRIMARY KEY (workspace_id, conversation_id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations
);
CREATE INDEX conversation_words_newest ON conversation_words (workspace_id, created_at, conversation_id);
CREATE INDEX conversation_words_words ON conversation_words USING gin (words);

-- +goose StatementBegin
CREATE FUNCTION touch_conversations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Locked in the order in which appends lock them.
    UPDATE conversations SET touched = touched + 1 WHERE workspace_id = NEW.workspace_id AND id IN (
        SELECT c.id FROM conversations c WHERE c.workspace_id = NEW.workspace_id AND c.customer_id = NEW.id ORDER BY c.id FOR NO KEY UPDATE);
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER renamed AFTER UPDATE OF name, email ON customers FOR EACH ROW
    WHEN (OLD.name <> NEW.name OR OLD.email <> NEW.email) EXECUTE FUNCTION touch_conversations();
-- +goose StatementBegin
CREATE FUNCTION touch_conversation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.touched = NEW.touched + 1;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER given BEFORE UPDATE OF customer_id, tags ON conversations FOR EACH ROW EXECUTE FUNCTION touch_conversation();

-- +goose Down
DROP TRIGGER given ON conversations;
DROP FUNCTION touch_conversation;
DROP TRIGGER renamed ON customers;
DROP FUNCTION touch_conversations;
DROP TABLE conversation_words;
DROP INDEX conversations_unindexed;
ALTER TABLE conversations DROP COLUMN indexed, DROP COLUMN touched, DROP COLUMN tags;
DROP TABLE conversation_tags;
DROP TABLE tags;
