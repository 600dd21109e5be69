package sqlite

import (
	"context"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

const selectGap = `SELECT g.n, g.id, c.id, g.question, g.locale, g.state, g.by_id, g.article_id, g.created_at, g.updated_at
	FROM gaps g JOIN conversations c ON c.n = g.conversation `

func scanGap(r row) (g rule.NumberedGap, err error) {
	var created, updated int64
	err = r.Scan(&g.Number, &g.ID, &g.Conversation, &g.Question, &g.Locale, &g.State, &g.By, &g.Article, &created, &updated)
	g.CreatedAt, g.UpdatedAt = timeOf(created), timeOf(updated)
	return g, err
}

// AddGap records a gap, once.
func (s *Store) AddGap(ctx context.Context, ws uuid.UUID, g chat.Gap) (chat.Gap, error) {
	g, err := rule.CheckGap(g)
	if err == nil {
		g.ID, err = rule.NewID(g.ID)
	}
	if err != nil {
		return chat.Gap{}, wrap(err, "add gap")
	}
	stored, err := write(ctx, s, func(x *tx) (chat.Gap, error) {
		n, err := one(x, scanValue[int64], errNoConversation(), `SELECT n FROM conversations WHERE workspace_id = ? AND id = ?`, ws[:], g.Conversation[:])
		if err != nil {
			return chat.Gap{}, err
		}
		_, err = x.put(`INSERT INTO gaps (workspace_id, id, conversation, question, locale, state, by_id, article_id, created_at, updated_at)
			VALUES (?1, ?2, ?3, ?4, ?5, 'open', ?6, ?7, ?8, ?8) ON CONFLICT (conversation, question) DO NOTHING`,
			ws[:], g.ID[:], n, g.Question, g.Locale, blobOf(g.By), blobOf(g.Article), micros(x.now))
		if isTaken(err) {
			err = chat.Errorf(chat.CodeConflict, "the id %s is another gap's", g.ID)
		}
		if err != nil {
			return chat.Gap{}, err
		}
		first, err := scanGap(x.queryRow(selectGap+`WHERE g.conversation = ? AND g.question = ?`, n, g.Question))
		return first.Gap, err
	})
	return stored, wrap(err, "add gap")
}

// SetGap changes a gap's state.
func (s *Store) SetGap(ctx context.Context, ws, id uuid.UUID, state chat.GapState, article uuid.UUID) (chat.Gap, error) {
	if err := rule.CheckGapState(state); err != nil {
		return chat.Gap{}, wrap(err, "set gap %s", id)
	}
	set, err := write(ctx, s, func(x *tx) (chat.Gap, error) {
		if _, err := x.put(`UPDATE gaps SET state = ?, article_id = coalesce(?, article_id), updated_at = ? WHERE workspace_id = ? AND id = ?`,
			string(state), blobOf(article), micros(x.now), ws[:], id[:]); err != nil {
			return chat.Gap{}, err
		}
		g, err := one(x, scanGap, rule.ErrNoGap(), selectGap+`WHERE g.workspace_id = ? AND g.id = ?`, ws[:], id[:])
		return g.Gap, err
	})
	return set, wrap(err, "set gap %s", id)
}

// Gaps lists them, newest first.
func (s *Store) Gaps(ctx context.Context, ws uuid.UUID, q chat.GapQuery) (chat.GapPage, error) {
	limit, before, err := rule.CheckGapQuery(q)
	if err != nil {
		return chat.GapPage{}, wrap(err, "gaps")
	}
	where, args := `WHERE g.workspace_id = ? `, []any{ws[:]}
	if q.State != "" {
		where, args = where+`AND g.state = ? `, append(args, string(q.State))
	}
	total, err := scanValue[int](s.read(ctx).queryRow(`SELECT count(*) FROM gaps g `+where, args...))
	if err != nil {
		return chat.GapPage{}, wrap(err, "gaps")
	}
	found, err := list(ctx, s, scanGap, selectGap+where+`AND g.n < ? ORDER BY g.n DESC LIMIT ?`, append(args, before, limit+1)...)
	return rule.GapPage(found, total, limit), wrap(err, "gaps")
}
