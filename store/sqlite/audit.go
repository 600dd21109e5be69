package sqlite

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// AddAudit stores an entry of the audit log.
func (s *Store) AddAudit(ctx context.Context, ws uuid.UUID, e chat.AuditEntry) (chat.AuditEntry, error) {
	e, err := rule.NewAudit(e)
	if err != nil {
		return chat.AuditEntry{}, wrap(err, "add to the audit log")
	}
	detail, err := encode(e.Detail)
	if err != nil {
		return chat.AuditEntry{}, wrap(err, "add to the audit log")
	}
	added, err := write(ctx, s, func(x *tx) (chat.AuditEntry, error) {
		added := e
		added.At = x.now
		_, err := x.put(`INSERT INTO audit (workspace_id, id, at, actor_kind, actor_id, actor_name, action, object_kind, object_id, detail, address)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, ws[:], e.ID[:], micros(x.now), string(e.Actor.Kind), e.Actor.ID[:], e.Actor.Name, e.Action,
			e.Object.Kind, e.Object.ID, detail, e.Address)
		switch {
		case isDangling(err):
			err = errNoWorkspace()
		case isTaken(err):
			err = chat.Errorf(chat.CodeConflict, "the audit log has this entry already")
		}
		return added, err
	})
	return added, wrap(err, "add to the audit log")
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
		return chat.AuditPage{}, wrap(err, "audit log")
	}
	index, where, args := "audit_in_order", "", []any{ws[:], before}
	if q.Action != "" {
		index, where, args = "audit_by_action", where+` AND action = ?`, append(args, q.Action)
	}
	if q.Actor != uuid.Nil {
		index, where, args = "audit_by_actor", where+` AND actor_id = ?`, append(args, q.Actor[:])
	}
	if q.Object != "" {
		index, where, args = "audit_by_object", where+` AND object_id = ?`, append(args, q.Object)
	}
	if !q.From.IsZero() {
		where, args = where+` AND at >= ?`, append(args, micros(q.From))
	}
	if !q.To.IsZero() {
		where, args = where+` AND at < ?`, append(args, micros(q.To))
	}
	found, err := list(ctx, s, scanAudit, `SELECT n, id, at, actor_kind, actor_id, actor_name, action, object_kind, object_id, detail, address
		FROM audit INDEXED BY `+index+` WHERE workspace_id = ? AND n < ?`+where+` ORDER BY n DESC LIMIT ?`, append(args, limit+1)...)
	entries, numbers := make([]chat.AuditEntry, len(found)), make([]int64, len(found))
	for i, e := range found {
		entries[i], numbers[i] = e.AuditEntry, e.n
	}
	return rule.AuditPage(entries, numbers, limit), wrap(err, "audit log")
}

func scanAudit(r row) (e numberedAudit, err error) {
	var at int64
	var detail []byte
	if err := r.Scan(&e.n, &e.ID, &at, &e.Actor.Kind, &e.Actor.ID, &e.Actor.Name, &e.Action, &e.Object.Kind, &e.Object.ID, &detail, &e.Address); err != nil {
		return e, err
	}
	e.At = timeOf(at)
	return e, json.Unmarshal(detail, &e.Detail)
}

// PruneAudit forgets old entries.
func (s *Store) PruneAudit(ctx context.Context, ws uuid.UUID, before time.Time) (int, error) {
	n, err := write(ctx, s, func(x *tx) (int, error) {
		res, err := x.put(`DELETE FROM audit WHERE workspace_id = ? AND at < ?`, ws[:], micros(before))
		if err != nil {
			return 0, err
		}
		n, err := res.RowsAffected()
		return int(n), err
	})
	return n, wrap(err, "prune the audit log")
}
