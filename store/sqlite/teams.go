package sqlite

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

func errNoTeam() error { return chat.Errorf(chat.CodeNotFound, "there is no such team") }

// PutTeam stores a team and its members.
func (s *Store) PutTeam(ctx context.Context, ws uuid.UUID, t chat.Team) (chat.Team, error) {
	t, err := rule.CheckTeam(t)
	if err != nil {
		return chat.Team{}, wrap(err, "put team")
	}
	stored, err := write(ctx, s, func(x *tx) (chat.Team, error) { return x.putTeam(ws, t) })
	return stored, wrap(err, "put team %q", t.Name)
}

func (x *tx) putTeam(ws uuid.UUID, t chat.Team) (chat.Team, error) {
	_, err := x.put(`INSERT INTO teams (workspace_id, id, name, name_key, created_at) VALUES (?1, ?2, ?3, ?4, ?5)
		ON CONFLICT (workspace_id, id) DO UPDATE SET name = ?3, name_key = ?4`,
		ws[:], t.ID[:], t.Name, strings.ToLower(t.Name), micros(x.now))
	switch {
	case isDangling(err):
		return chat.Team{}, errNoWorkspace()
	case isTaken(err):
		return chat.Team{}, chat.Errorf(chat.CodeConflict, "there is a team of that name already")
	case err != nil:
		return chat.Team{}, err
	}
	if _, err := x.put(`DELETE FROM team_members WHERE workspace_id = ? AND team_id = ?`, ws[:], t.ID[:]); err != nil {
		return chat.Team{}, err
	}
	for _, m := range t.Members {
		_, err := x.put(`INSERT INTO team_members (workspace_id, team_id, user_id) VALUES (?, ?, ?)`, ws[:], t.ID[:], m[:])
		if isDangling(err) {
			err = errNoUser()
		}
		if err != nil {
			return chat.Team{}, err
		}
	}
	var created int64
	err = x.queryRow(`SELECT created_at FROM teams WHERE workspace_id = ? AND id = ?`, ws[:], t.ID[:]).Scan(&created)
	t.Workspace, t.CreatedAt = ws, timeOf(created)
	return t, err
}

// Teams lists them.
func (s *Store) Teams(ctx context.Context, ws uuid.UUID) ([]chat.Team, error) {
	teams, err := list(ctx, s, scanTeam, `SELECT workspace_id, id, name, created_at FROM teams WHERE workspace_id = ? ORDER BY n`, ws[:])
	if err != nil || len(teams) == 0 {
		return nil, wrap(err, "teams")
	}
	members, err := list(ctx, s, scanMember, `SELECT team_id, user_id FROM team_members WHERE workspace_id = ?`, ws[:])
	return rule.WithMembers(teams, members), wrap(err, "teams")
}

func scanTeam(r row) (t chat.Team, err error) {
	var created int64
	err = r.Scan(&t.Workspace, &t.ID, &t.Name, &created)
	t.CreatedAt = timeOf(created)
	return t, err
}

func scanMember(r row) (m rule.Member, err error) {
	err = r.Scan(&m.Team, &m.User)
	return m, err
}

// DropTeam removes a team.
func (s *Store) DropTeam(ctx context.Context, ws, id uuid.UUID) error {
	_, err := write(ctx, s, func(x *tx) (struct{}, error) { return struct{}{}, x.dropTeam(ws, id) })
	return wrap(err, "drop team %s", id)
}

func (x *tx) dropTeam(ws, id uuid.UUID) error {
	if err := x.hasTeam(ws, id); err != nil {
		return err
	}
	const left = `workspace_id = ? AND team_id = ? AND team_id IS NOT NULL AND status = 'open'`
	rows, err := x.query(`SELECT id FROM conversations WHERE `+left, ws[:], id[:])
	convs, err := collect(rows, err, scanValue[uuid.UUID])
	if err != nil {
		return err
	}
	for _, change := range []string{
		`UPDATE conversations SET team_id = NULL WHERE ` + left,
		`DELETE FROM team_members WHERE workspace_id = ? AND team_id = ?`,
		`DELETE FROM teams WHERE workspace_id = ? AND id = ?`,
	} {
		if _, err := x.put(change, ws[:], id[:]); err != nil {
			return err
		}
	}
	for _, conv := range slices.Clone(convs) {
		delete(x.c.states, chat.Ref{Workspace: ws, Conversation: conv}) // what is known of it is not so any more
		x.tell(chat.Signal{Kind: chat.SignalEntry, Workspace: ws, Conversation: conv})
	}
	return nil
}

// hasTeam fails if there is no such team.
func (x *tx) hasTeam(ws, id uuid.UUID) error {
	_, err := one(x, scanValue[int], errNoTeam(), `SELECT 1 FROM teams WHERE workspace_id = ? AND id = ?`, ws[:], id[:])
	return err
}
