-- +goose Up

-- Groups of agents that conversations can wait for.
CREATE TABLE teams (
    n            INTEGER PRIMARY KEY,
    workspace_id BLOB    NOT NULL REFERENCES workspaces (id),
    id           BLOB    NOT NULL,
    name         TEXT    NOT NULL,
    name_key     TEXT    NOT NULL, -- in lower case
    created_at   INTEGER NOT NULL,
    UNIQUE (workspace_id, id),
    UNIQUE (workspace_id, name_key)
);
CREATE TABLE team_members (
    workspace_id BLOB NOT NULL,
    team_id      BLOB NOT NULL,
    user_id      BLOB NOT NULL,
    PRIMARY KEY (workspace_id, user_id, team_id),
    FOREIGN KEY (workspace_id, team_id) REFERENCES teams (workspace_id, id),
    FOREIGN KEY (workspace_id, user_id) REFERENCES users (workspace_id, id)
) WITHOUT ROWID;
CREATE INDEX team_members_of_team ON team_members (workspace_id, team_id, user_id);

ALTER TABLE conversations ADD COLUMN team_id BLOB;                           -- whose it is
ALTER TABLE conversations ADD COLUMN last_agent_id BLOB;                     -- who had it last
ALTER TABLE conversations ADD COLUMN offered_to BLOB;                        -- while it waits
ALTER TABLE conversations ADD COLUMN offered_until INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN passed TEXT NOT NULL DEFAULT '';        -- JSON; '' when nobody let an offer go by
ALTER TABLE conversations ADD COLUMN snoozed_until INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN outcome TEXT NOT NULL DEFAULT '';
UPDATE conversations SET last_agent_id = agent_id WHERE agent_id IS NOT NULL;
CREATE INDEX conversations_of_teams ON conversations (workspace_id, updated_at, id) WHERE team_id IS NOT NULL AND status = 'open';
CREATE INDEX conversations_for_team ON conversations (workspace_id, team_id) WHERE team_id IS NOT NULL AND status = 'open';
CREATE INDEX conversations_snoozed ON conversations (workspace_id, snoozed_until, id) WHERE snoozed_until > 0;

-- +goose Down
DROP INDEX conversations_snoozed;
DROP INDEX conversations_for_team;
DROP INDEX conversations_of_teams;
ALTER TABLE conversations DROP COLUMN outcome;
ALTER TABLE conversations DROP COLUMN snoozed_until;
ALTER TABLE conversations DROP COLUMN passed;
ALTER TABLE conversations DROP COLUMN offered_until;
ALTER TABLE conversations DROP COLUMN offered_to;
ALTER TABLE conversations DROP COLUMN last_agent_id;
ALTER TABLE conversations DROP COLUMN team_id;
DROP TABLE team_members;
DROP TABLE teams;
