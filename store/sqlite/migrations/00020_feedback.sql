-- +goose Up

-- The customers' last word on each answer, as the log has it. It is written by
-- the trigger below, in the transaction of the log's entry. A word that changes is
-- the newest again.
CREATE TABLE feedback (
    n            INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace_id BLOB    NOT NULL,
    conversation INTEGER NOT NULL,
    seq          INTEGER NOT NULL, -- of the answer
    inbox_id     BLOB    NOT NULL,
    article_id   BLOB,             -- what the answer rests on, first of all; NULL: on no article
    at           INTEGER NOT NULL,
    helpful      INTEGER NOT NULL,
    reason       TEXT    NOT NULL,
    comment      TEXT    NOT NULL,
    UNIQUE (conversation, seq)
);
CREATE INDEX feedback_newest ON feedback (workspace_id, n);
CREATE INDEX feedback_of_article ON feedback (workspace_id, article_id, n);
-- All that is counted, so that the table itself is not read.
CREATE INDEX feedback_by_time ON feedback (workspace_id, at, inbox_id, article_id, helpful, reason);

-- +goose StatementBegin
CREATE TRIGGER feedback_given AFTER INSERT ON entries WHEN NEW.kind = 'feedback' BEGIN
    DELETE FROM feedback WHERE conversation = NEW.conversation AND seq = json_extract(NEW.body, '$.feedback.seq');
    INSERT INTO feedback (workspace_id, conversation, seq, inbox_id, article_id, at, helpful, reason, comment)
    SELECT c.workspace_id, c.n, a.seq, c.inbox_id, unhex(replace(json_extract(a.body, '$.answer.citations[0].article'), '-', '')), NEW.at,
        json_extract(NEW.body, '$.feedback.helpful'), coalesce(json_extract(NEW.body, '$.feedback.reason'), ''), NEW.text
    FROM conversations c JOIN entries a ON a.conversation = c.n AND a.log = 'public' AND a.seq = json_extract(NEW.body, '$.feedback.seq')
    WHERE c.n = NEW.conversation AND a.kind = 'message' AND a.from_kind = 'bot' AND a.body <> '';
END;
-- +goose StatementEnd

-- Ratings on other scales than the conversation's own are facts, too: ces and nps, with the score, who served it and who
-- had it last, as rated has them. The last one of a kind alone.
-- +goose StatementBegin
CREATE TRIGGER facts_scored AFTER INSERT ON entries
WHEN CASE NEW.kind WHEN 'rating' THEN json_extract(NEW.body, '$.rating.kind') IN ('ces', 'nps') ELSE 0 END BEGIN
    DELETE FROM facts WHERE conversation = NEW.conversation AND kind = json_extract(NEW.body, '$.rating.kind');
    INSERT INTO facts (workspace_id, conversation, inbox_id, at, kind, name, agent_id, value)
    SELECT workspace_id, n, inbox_id, NEW.at, json_extract(NEW.body, '$.rating.kind'),
        CASE WHEN last_agent_id IS NULL THEN 'bot' ELSE 'person' END, last_agent_id, json_extract(NEW.body, '$.rating.score')
    FROM conversations WHERE n = NEW.conversation;
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER facts_scored;
DROP TRIGGER feedback_given;
DROP TABLE feedback;
