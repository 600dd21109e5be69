-- +goose Up

-- Groups of agents that conversations can wait for.
CREATE TABLE teams (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    id           uuid NOT NULL,
    number       bigint GENERATED ALWAYS AS IDENTITY,
    name         text NOT NULL,
    name_key     text NOT NULL, -- in lower case
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, name_key)
);
CREATE TABLE team_members (
    workspace_id uuid NOT NULL,
    team_id      uuid NOT NULL,
    user_id      uuid NOT NULL,
    PRIMARY KEY (workspace_id, user_id, team_id),
    FOREIGN KEY (workspace_id, team_id) REFERENCES teams,
    FOREIGN KEY (workspace_id, user_id) REFERENCES users
);
CREATE INDEX team_members_team ON team_members (workspace_id, team_id);

ALTER TABLE conversations
    ADD COLUMN team_id       uuid, -- whose it is
    ADD COLUMN last_agent_id uuid, -- who had it last
    ADD COLUMN offered_to    uuid, -- while it waits
    ADD COLUMN offered_until timestamptz,
    ADD COLUMN passed        uuid[], -- who let an offer go by
    ADD COLUMN snoozed_until timestamptz,
    ADD COLUMN outcome       text NOT NULL DEFAULT '';
UPDATE conversations SET last_agent_id = agent_id WHERE agent_id IS NOT NULL;
CREATE INDEX conversations_teams ON conversations (workspace_id, updated_at) WHERE team_id IS NOT NULL AND status = 'open';
CREATE INDEX conversations_team ON conversations (workspace_id, team_id) WHERE team_id IS NOT NULL AND status = 'open';
CREATE INDEX conversations_snoozed ON conversations (workspace_id, snoozed_until) WHERE snoozed_until IS NOT NULL;

-- +goose Down
DROP INDEX conversations_snoozed;
DROP INDEX conversations_team;
DROP INDEX conversations_teams;
ALTER TABLE conversations DROP COLUMN outcome, DROP COLUMN snoozed_until, DROP COLUMN passed, DROP COLUMN offered_until,
    DROP COLUMN offered_to, DROP COLUMN last_agent_id, DROP COLUMN team_id;
DROP TABLE team_members;
DROP TABLE teams;
