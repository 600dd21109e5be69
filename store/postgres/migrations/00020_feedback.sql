-- +goose Up

-- The customers' last word on each answer, as the log has it. It is written by
-- the trigger below, in the transaction of the log's entry. A word that changes is
-- the newest again.
CREATE TABLE feedback (
    workspace_id    uuid NOT NULL,
    number          bigint GENERATED ALWAYS AS IDENTITY,
    conversation_id uuid NOT NULL,
    seq             bigint NOT NULL, -- of the answer
    inbox_id        uuid NOT NULL,
    article_id      uuid,            -- what the answer rests on, first of all; NULL: on no article
    at              timestamptz NOT NULL,
    helpful         boolean NOT NULL,
    reason          text NOT NULL,
    comment         text NOT NULL,
    PRIMARY KEY (workspace_id, number),
    UNIQUE (workspace_id, conversation_id, seq)
);
CREATE INDEX feedback_article ON feedback (workspace_id, article_id, number);
-- All that is counted, so that the table itself is hardly read.
CREATE INDEX feedback_time ON feedback (workspace_id, at) INCLUDE (inbox_id, article_id, helpful, reason);

-- +goose StatementBegin
CREATE FUNCTION feedback_of_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    about bigint := (NEW.body -> 'feedback' ->> 'seq')::bigint;
BEGIN
    DELETE FROM feedback WHERE workspace_id = NEW.workspace_id AND conversation_id = NEW.conversation_id AND seq = about;
    INSERT INTO feedback (workspace_id, conversation_id, seq, inbox_id, article_id, at, helpful, reason, comment)
    SELECT c.workspace_id, c.id, a.seq, c.inbox_id, (a.body -> 'answer' -> 'citations' -> 0 ->> 'article')::uuid, NEW.at,
        (NEW.body -> 'feedback' ->> 'helpful')::boolean, coalesce(NEW.body -> 'feedback' ->> 'reason', ''), NEW.text
    FROM conversations c JOIN entries a ON a.workspace_id = c.workspace_id AND a.conversation_id = c.id AND NOT a.staff AND a.seq = about
    WHERE c.workspace_id = NEW.workspace_id AND c.id = NEW.conversation_id
        AND a.kind = 'message' AND a.party = 'bot' AND a.body IS NOT NULL;
    RETURN NULL;
END
$$;

-- Ratings on other scales than the conversation's own are facts, too: ces and nps, with the score, who served it and who
-- had it last, as rated has them. The last one of a kind alone.
CREATE FUNCTION facts_of_rating() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    scale text := NEW.body -> 'rating' ->> 'kind';
BEGIN
    IF scale IN ('ces', 'nps') THEN
        DELETE FROM facts WHERE workspace_id = NEW.workspace_id AND conversation_id = NEW.conversation_id AND kind = scale;
        INSERT INTO facts (workspace_id, conversation_id, inbox_id, at, kind, name, agent_id, value)
        SELECT workspace_id, id, inbox_id, NEW.at, scale,
            CASE WHEN last_agent_id IS NULL THEN 'bot' ELSE 'person' END, last_agent_id, (NEW.body -> 'rating' ->> 'score')::bigint
        FROM conversations WHERE workspace_id = NEW.workspace_id AND id = NEW.conversation_id;
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER feedback_given AFTER INSERT ON entries FOR EACH ROW WHEN (NEW.kind = 'feedback') EXECUTE FUNCTION feedback_of_entry();
CREATE TRIGGER facts_scored AFTER INSERT ON entries FOR EACH ROW WHEN (NEW.kind = 'rating') EXECUTE FUNCTION facts_of_rating();

-- +goose Down
DROP TRIGGER facts_scored ON entries;
DROP TRIGGER feedback_given ON entries;
DROP FUNCTION facts_of_rating;
DROP FUNCTION feedback_of_entry;
DROP TABLE feedback;
