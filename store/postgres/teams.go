package postgres

import (
	"context"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

func errNoTeam() error { return chat.Errorf(chat.CodeNotFound, "there is no such team") }

// PutTeam stores a team and its members.
func (s *Store) PutTeam(ctx context.Context, ws uuid.UUID, t chat.Team) (chat.Team, error) {
	t, err := rule.CheckTeam(t)
	if err != nil {
		return chat.Team{}, s.end(ctx, err, "put team")
	}
	err = s.tx(ctx, func(x pgx.Tx) error {
		t.Workspace = ws
		err := x.QueryRow(ctx, `INSERT INTO teams AS t (workspace_id, id, name, name_key, created_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (workspace_id, id) DO UPDATE SET name = excluded.name, name_key = excluded.name_key RETURNING created_at`,
			ws, t.ID, t.Name, strings.ToLower(t.Name), s.time()).Scan(&t.CreatedAt)
		switch {
		case isTaken(err):
			return chat.Errorf(chat.CodeConflict, "there is a team of that name already")
		case isDangling(err):
			return errNoWorkspace()
		case err != nil:
			return err
		}
		if _, err := x.Exec(ctx, `DELETE FROM team_members WHERE workspace_id = $1 AND team_id = $2`, ws, t.ID); err != nil {
			return err
		}
		_, err = x.Exec(ctx, `INSERT INTO team_members (workspace_id, team_id, user_id) SELECT $1, $2, unnest($3::uuid[])`, ws, t.ID, uuids(t.Members))
		if isDangling(err) {
			return errNoUser()
		}
		return err
	})
	if err != nil {
		return chat.Team{}, s.end(ctx, err, "put team %q", t.Name)
	}
	return t, nil
}

// Teams lists them.
func (s *Store) Teams(ctx context.Context, ws uuid.UUID) ([]chat.Team, error) {
	teams, err := list(ctx, s.pool, func(row pgx.CollectableRow) (t chat.Team, err error) {
		err = row.Scan(id(&t.Workspace), id(&t.ID), &t.Name, &t.CreatedAt)
		return t, err
	}, `SELECT workspace_id, id, name, created_at FROM teams WHERE workspace_id = $1 ORDER BY number`, ws)
	if err != nil || len(teams) == 0 {
		return nil, s.end(ctx, err, "teams")
	}
	members, err := list(ctx, s.pool, func(row pgx.CollectableRow) (m rule.Member, err error) {
		err = row.Scan(id(&m.Team), id(&m.User))
		return m, err
	}, `SELECT team_id, user_id FROM team_members WHERE workspace_id = $1`, ws)
	return rule.WithMembers(teams, members), s.end(ctx, err, "teams")
}

// DropTeam removes a team.
func (s *Store) DropTeam(ctx context.Context, ws, team uuid.UUID) error {
	var left []chat.Conversation
	err := s.tx(ctx, func(x pgx.Tx) (err error) {
		// Whoever gives a conversation to the team holds this row: nobody does from now on.
		if _, err := one(ctx, x, pgx.RowTo[bool], errNoTeam(), `SELECT true FROM teams WHERE workspace_id = $1 AND id = $2 FOR UPDATE`, ws, team); err != nil {
			return err
		}
		if left, err = list(ctx, x, scanConversation, `UPDATE conversations SET team_id = NULL
			WHERE workspace_id = $1 AND team_id = $2 AND team_id IS NOT NULL AND status = 'open' RETURNING `+conversationColumns, ws, team); err != nil {
			return err
		}
		for _, sql := range []string{`DELETE FROM team_members WHERE workspace_id = $1 AND team_id = $2`, `DELETE FROM teams WHERE workspace_id = $1 AND id = $2`} {
			if _, err := x.Exec(ctx, sql, ws, team); err != nil {
				return err
			}
		}
		if len(left) == 0 {
			return nil
		}
		return bump(ctx, x, ws)
	})
	for _, c := range left {
		if err == nil {
			s.notify(signalOf(c))
		}
	}
	return s.end(ctx, err, "drop team %s", team)
}

// hasTeam fails if there is no such team; it is there until the end of x.
func hasTeam(ctx context.Context, x pgx.Tx, ws, team uuid.UUID) error {
	_, err := one(ctx, x, pgx.RowTo[bool], errNoTeam(), `SELECT true FROM teams WHERE workspace_id = $1 AND id = $2 FOR KEY SHARE`, ws, team)
	return err
}
