package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

const gapColumns = `number, id, conversation_id, question, locale, state, by_id, article_id, created_at, updated_at`

func scanGap(row pgx.CollectableRow) (g rule.NumberedGap, err error) {
	err = row.Scan(&g.Number, id(&g.ID), id(&g.Conversation), &g.Question, &g.Locale, &g.State, id(&g.By), id(&g.Article), &g.CreatedAt, &g.UpdatedAt)
	return g, err
}

// AddGap records a gap, once.
func (s *Store) AddGap(ctx context.Context, ws uuid.UUID, g chat.Gap) (chat.Gap, error) {
	stored, err := s.addGap(ctx, ws, g)
	return stored, s.end(ctx, err, "add gap")
}

func (s *Store) addGap(ctx context.Context, ws uuid.UUID, g chat.Gap) (chat.Gap, error) {
	g, err := rule.CheckGap(g)
	if err == nil {
		g.ID, err = rule.NewID(g.ID)
	}
	if err != nil {
		return chat.Gap{}, err
	}
	// An update that changes nothing gives the first one's row.
	stored, err := one(ctx, s.pool, scanGap, nil, `INSERT INTO gaps (workspace_id, id, conversation_id, question, locale, state, by_id, article_id, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, 'open', $6, $7, $8, $8)
		ON CONFLICT (workspace_id, conversation_id, question) DO UPDATE SET state = gaps.state
		RETURNING `+gapColumns, ws, g.ID, g.Conversation, g.Question, g.Locale, id(&g.By), id(&g.Article), s.time())
	switch {
	case isDangling(err):
		err = errNoConversation()
	case isTaken(err):
		err = chat.Errorf(chat.CodeConflict, "the id %s is another gap's", g.ID)
	}
	return stored.Gap, err
}

// SetGap changes a gap's state.
func (s *Store) SetGap(ctx context.Context, ws, gap uuid.UUID, state chat.GapState, article uuid.UUID) (chat.Gap, error) {
	if err := rule.CheckGapState(state); err != nil {
		return chat.Gap{}, s.end(ctx, err, "set gap %s", gap)
	}
	set, err := one(ctx, s.pool, scanGap, rule.ErrNoGap(), `UPDATE gaps SET state = $3, article_id = coalesce($4, article_id), updated_at = $5
		WHERE workspace_id = $1 AND id = $2 RETURNING `+gapColumns, ws, gap, state, id(&article), s.time())
	return set.Gap, s.end(ctx, err, "set gap %s", gap)
}

// Gaps lists them, newest first.
func (s *Store) Gaps(ctx context.Context, ws uuid.UUID, q chat.GapQuery) (page chat.GapPage, err error) {
	limit, before, err := rule.CheckGapQuery(q)
	if err != nil {
		return page, s.end(ctx, err, "gaps")
	}
	args := pgx.NamedArgs{"ws": ws, "before": before, "limit": limit + 1}
	where := ` FROM gaps WHERE workspace_id = @ws`
	if q.State != "" {
		args["state"], where = q.State, where+` AND state = @state`
	}
	err = s.snapshot(ctx, func(x pgx.Tx) error {
		total, err := one(ctx, x, pgx.RowTo[int], nil, `SELECT count(*)`+where, args)
		if err != nil {
			return err
		}
		found, err := list(ctx, x, scanGap, `SELECT `+gapColumns+where+` AND number < @before ORDER BY number DESC LIMIT @limit`, args)
		page = rule.GapPage(found, total, limit)
		return err
	})
	return page, s.end(ctx, err, "gaps")
}
