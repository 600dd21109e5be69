-- +goose Up

-- What happened to conversations, as a supervisor counts it. It is written by
-- the triggers below, in the transaction of what happened, whatever wrote that
-- (but begun, see OpenConversation).
--   begun     a conversation; name says who has served it: '' nobody yet, bot (an answer), person
--   handed    from the bot to people; name is the reason
--   claimed   taken from the queue; value is how long it had waited
--   replied   a person's first words since it was handed over or reopened; value is how long that took
--   closed    name is the outcome
--   reopened
--   rated     value is the score; name is who served it: bot, person. The last rating of a conversation alone
-- agent_id is who claimed, replied, closed, or had it last when it was rated.
CREATE TABLE facts (
    n            INTEGER PRIMARY KEY,
    workspace_id BLOB    NOT NULL,
    conversation INTEGER NOT NULL,
    inbox_id     BLOB    NOT NULL,
    at           INTEGER NOT NULL,
    kind         TEXT    NOT NULL,
    name         TEXT    NOT NULL DEFAULT '',
    agent_id     BLOB,
    value        INTEGER NOT NULL DEFAULT 0 -- microseconds, or a score
);
-- All that is ever asked for, so that the table itself is not read.
CREATE INDEX facts_by_time ON facts (workspace_id, kind, at, inbox_id, name, agent_id, value);
CREATE INDEX facts_of_conversation ON facts (conversation, kind);

-- +goose StatementBegin
CREATE TRIGGER facts_moved AFTER UPDATE OF owner ON conversations
WHEN NEW.owner <> OLD.owner AND NEW.status = 'open' BEGIN
    UPDATE facts SET name = 'person'
    WHERE conversation = NEW.n AND kind = 'begun' AND name <> 'person' AND NEW.owner <> 'bot';
    INSERT INTO facts (workspace_id, conversation, inbox_id, at, kind, name)
    SELECT NEW.workspace_id, NEW.n, NEW.inbox_id, NEW.updated_at, 'handed', NEW.reason
    WHERE OLD.owner = 'bot' AND NEW.owner = 'queue' AND OLD.status = 'open';
    INSERT INTO facts (workspace_id, conversation, inbox_id, at, kind, agent_id, value)
    SELECT NEW.workspace_id, NEW.n, NEW.inbox_id, NEW.updated_at, 'claimed', NEW.agent_id, NEW.updated_at - OLD.waiting_at
    WHERE OLD.owner = 'queue' AND NEW.owner = 'agent' AND OLD.waiting_at > 0;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER facts_ended AFTER UPDATE OF status ON conversations WHEN NEW.status <> OLD.status BEGIN
    INSERT INTO facts (workspace_id, conversation, inbox_id, at, kind, name, agent_id)
    SELECT NEW.workspace_id, NEW.n, NEW.inbox_id, NEW.updated_at,
        CASE NEW.status WHEN 'closed' THEN 'closed' ELSE 'reopened' END,
        CASE NEW.status WHEN 'closed' THEN NEW.outcome ELSE '' END,
        CASE NEW.status WHEN 'closed' THEN OLD.agent_id END;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER facts_rated AFTER UPDATE OF rating ON conversations WHEN NEW.rating <> OLD.rating BEGIN
    DELETE FROM facts WHERE conversation = NEW.n AND kind = 'rated';
    INSERT INTO facts (workspace_id, conversation, inbox_id, at, kind, name, agent_id, value)
    VALUES (NEW.workspace_id, NEW.n, NEW.inbox_id, NEW.updated_at, 'rated',
        CASE WHEN NEW.last_agent_id IS NULL THEN 'bot' ELSE 'person' END, NEW.last_agent_id, NEW.rating);
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER facts_answered AFTER INSERT ON entries WHEN NEW.kind = 'message' AND NEW.from_kind = 'bot'
    AND CASE NEW.body WHEN '' THEN 0 ELSE json_extract(NEW.body, '$.answer.action') = 'answer' END BEGIN
    UPDATE facts SET name = 'bot' WHERE conversation = NEW.conversation AND kind = 'begun' AND name = '';
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER facts_replied AFTER INSERT ON entries WHEN NEW.kind = 'message' AND NEW.from_kind = 'agent' BEGIN
    INSERT INTO facts (workspace_id, conversation, inbox_id, at, kind, agent_id, value)
    SELECT f.workspace_id, f.conversation, f.inbox_id, NEW.at, 'replied', NEW.from_id, NEW.at - f.at
    FROM facts f WHERE f.n = (SELECT max(n) FROM facts WHERE conversation = NEW.conversation AND kind IN ('handed', 'reopened', 'replied'))
        AND f.kind <> 'replied';
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER facts_replied;
DROP TRIGGER facts_answered;
DROP TRIGGER facts_rated;
DROP TRIGGER facts_ended;
DROP TRIGGER facts_moved;
DROP TABLE facts;
