-- +goose Up

-- What happened to conversations, as a supervisor counts it. It is written by
-- the triggers below, in the transaction of what happened, whatever wrote that.
--   begun     a conversation; name says who has served it: '' nobody yet, bot (an answer), person
--   handed    from the bot to people; name is the reason
--   claimed   taken from the queue; value is how long it had waited
--   replied   a person's first words since it was handed over or reopened; value is how long that took
--   closed    name is the outcome
--   reopened
--   rated     value is the score; name is who served it: bot, person. The last rating of a conversation alone
-- agent_id is who claimed, replied, closed, or had it last when it was rated.
CREATE TABLE facts (
    workspace_id    uuid NOT NULL,
    conversation_id uuid NOT NULL,
    number          bigint GENERATED ALWAYS AS IDENTITY,
    inbox_id        uuid NOT NULL,
    at              timestamptz NOT NULL,
    kind            text NOT NULL,
    name            text NOT NULL DEFAULT '',
    agent_id        uuid,
    value           bigint NOT NULL DEFAULT 0, -- microseconds, or a score
    PRIMARY KEY (workspace_id, conversation_id, number)
);
-- All that is ever asked for, so that the table itself is hardly read.
CREATE INDEX facts_time ON facts (workspace_id, kind, at) INCLUDE (inbox_id, name, agent_id, value);

-- +goose StatementBegin
CREATE FUNCTION facts_of_conversation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO facts (workspace_id, conversation_id, inbox_id, at, kind)
        VALUES (NEW.workspace_id, NEW.id, NEW.inbox_id, NEW.created_at, 'begun');
        RETURN NULL;
    END IF;
    IF NEW.owner <> OLD.owner AND NEW.status = 'open' THEN
        IF NEW.owner <> 'bot' THEN
            UPDATE facts SET name = 'person'
            WHERE workspace_id = NEW.workspace_id AND conversation_id = NEW.id AND kind = 'begun' AND name <> 'person';
        END IF;
        IF OLD.owner = 'bot' AND NEW.owner = 'queue' AND OLD.status = 'open' THEN
            INSERT INTO facts (workspace_id, conversation_id, inbox_id, at, kind, name)
            VALUES (NEW.workspace_id, NEW.id, NEW.inbox_id, NEW.updated_at, 'handed', NEW.reason);
        ELSIF OLD.owner = 'queue' AND NEW.owner = 'agent' AND OLD.waiting_since IS NOT NULL THEN
            INSERT INTO facts (workspace_id, conversation_id, inbox_id, at, kind, agent_id, value)
            VALUES (NEW.workspace_id, NEW.id, NEW.inbox_id, NEW.updated_at, 'claimed', NEW.agent_id,
                (extract(epoch FROM NEW.updated_at - OLD.waiting_since) * 1000000)::bigint);
        END IF;
    END IF;
    IF NEW.status <> OLD.status THEN
        INSERT INTO facts (workspace_id, conversation_id, inbox_id, at, kind, name, agent_id)
        VALUES (NEW.workspace_id, NEW.id, NEW.inbox_id, NEW.updated_at,
            CASE NEW.status WHEN 'closed' THEN 'closed' ELSE 'reopened' END,
            CASE NEW.status WHEN 'closed' THEN NEW.outcome ELSE '' END,
            CASE NEW.status WHEN 'closed' THEN OLD.agent_id END);
    END IF;
    IF NEW.rating <> OLD.rating THEN
        DELETE FROM facts WHERE workspace_id = NEW.workspace_id AND conversation_id = NEW.id AND kind = 'rated';
        INSERT INTO facts (workspace_id, conversation_id, inbox_id, at, kind, name, agent_id, value)
        VALUES (NEW.workspace_id, NEW.id, NEW.inbox_id, NEW.updated_at, 'rated',
            CASE WHEN NEW.last_agent_id IS NULL THEN 'bot' ELSE 'person' END, NEW.last_agent_id, NEW.rating);
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION facts_of_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.party = 'bot' THEN
        IF NEW.body -> 'answer' ->> 'action' = 'answer' THEN
            UPDATE facts SET name = 'bot'
            WHERE workspace_id = NEW.workspace_id AND conversation_id = NEW.conversation_id AND kind = 'begun' AND name = '';
        END IF;
    ELSE
        INSERT INTO facts (workspace_id, conversation_id, inbox_id, at, kind, agent_id, value)
        SELECT f.workspace_id, f.conversation_id, f.inbox_id, NEW.at, 'replied', NEW.from_id,
            (extract(epoch FROM NEW.at - f.at) * 1000000)::bigint
        FROM (
            SELECT * FROM facts
            WHERE workspace_id = NEW.workspace_id AND conversation_id = NEW.conversation_id AND kind IN ('handed', 'reopened', 'replied')
            ORDER BY number DESC LIMIT 1
        ) f WHERE f.kind <> 'replied';
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER facts_begun AFTER INSERT ON conversations FOR EACH ROW EXECUTE FUNCTION facts_of_conversation();
-- Each message updates the row: the condition is what most of them pay.
CREATE TRIGGER facts_changed AFTER UPDATE OF owner, status, rating ON conversations FOR EACH ROW
    WHEN (NEW.owner <> OLD.owner OR NEW.status <> OLD.status OR NEW.rating <> OLD.rating)
    EXECUTE FUNCTION facts_of_conversation();
CREATE TRIGGER facts_said AFTER INSERT ON entries FOR EACH ROW
    WHEN (NEW.kind = 'message' AND NEW.party IN ('bot', 'agent'))
    EXECUTE FUNCTION facts_of_entry();

-- +goose Down
DROP TRIGGER facts_said ON entries;
DROP TRIGGER facts_changed ON conversations;
DROP TRIGGER facts_begun ON conversations;
DROP FUNCTION facts_of_entry;
DROP FUNCTION facts_of_conversation;
DROP TABLE facts;
