package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// AddAudit stores an entry of the audit log.
func (s *Store) AddAudit(ctx context.Context, ws uuid.UUID, e chat.AuditEntry) (chat.AuditEntry, error) {
	e, err := rule.NewAudit(e)
	if err != nil {
		return chat.AuditEntry{}, s.end(ctx, err, "add to the audit log")
	}
	e.At = s.time()
	_, err = s.pool.Exec(ctx, `INSERT INTO audit (workspace_id, id, at, actor_kind, actor_id, actor_name, action, object_kind, object_id, detail, address)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, ws, e.ID, e.At, e.Actor.Kind, e.Actor.ID, e.Actor.Name, e.Action,
		e.Object.Kind, e.Object.ID, e.Detail, e.Address)
	if isTaken(err) {
		err = chat.Errorf(chat.CodeConflict, "the audit log has this entry already")
	}
	if err = dangling(err); err != nil {
		return chat.AuditEntry{}, s.end(ctx, err, "add to the audit log")
	}
	return e, nil
}

// numberedAudit is an entry with its place in the log.
type numberedAudit struct {
	n int64
	chat.AuditEntry
}

// Audit gives a page, newest first.
func (s *Store) Audit(ctx context.Context, ws uuid.UUID, q chat.AuditQuery) (chat.AuditPage, error) {
	limit, before, err := rule.AuditLimit(q)
	if err != nil {
		return chat.AuditPage{}, s.end(ctx, err, "audit log")
	}
	query, args := `SELECT number, id, at, actor_kind, actor_id, actor_name, action, object_kind, object_id, detail, address FROM audit
		WHERE workspace_id = $1 AND number < $2`, []any{ws, before}
	where := func(condition string, arg any) {
		args = append(args, arg)
		query += fmt.Sprintf(` AND `+condition, len(args))
	}
	if q.Action != "" {
		where(`action = $%d`, q.Action)
	}
	if q.Actor != uuid.Nil {
		where(`actor_id = $%d`, q.Actor)
	}
	if q.Object != "" {
		where(`object_id = $%d`, q.Object)
	}
	if !q.From.IsZero() {
		where(`at >= $%d`, q.From)
	}
	if !q.To.IsZero() {
		where(`at < $%d`, q.To)
	}
	args = append(args, limit+1)
	found, err := list(ctx, s.pool, scanAudit, query+fmt.Sprintf(` ORDER BY number DESC LIMIT $%d`, len(args)), args...)
	entries, numbers := make([]chat.AuditEntry, len(found)), make([]int64, len(found))
	for i, e := range found {
		entries[i], numbers[i] = e.AuditEntry, e.n
	}
	return rule.AuditPage(entries, numbers, limit), s.end(ctx, err, "audit log")
}

func scanAudit(row pgx.CollectableRow) (e numberedAudit, err error) {
	err = row.Scan(&e.n, id(&e.ID), &e.At, &e.Actor.Kind, &e.Actor.ID, &e.Actor.Name, &e.Action, &e.Object.Kind, &e.Object.ID, document{&e.Detail}, &e.Address)
	return e, err
}

// PruneAudit forgets old entries.
func (s *Store) PruneAudit(ctx context.Context, ws uuid.UUID, before time.Time) (int, error) {
	tag, err := s.pool.Exec(ctx, `DELETE FROM audit WHERE workspace_id = $1 AND at < $2`, ws, before)
	return int(tag.RowsAffected()), s.end(ctx, err, "prune the audit log")
}
