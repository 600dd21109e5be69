package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// PutTurn stores t in the place of one of the same id.
func (s *Store) PutTurn(ctx context.Context, ws uuid.UUID, t chat.TurnRecord) error {
	err := rule.CheckTurn(t)
	if err == nil {
		_, err = s.pool.Exec(ctx, `INSERT INTO turns (workspace_id, id, conversation_id, body, created_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (workspace_id, id) DO UPDATE SET conversation_id = excluded.conversation_id, body = excluded.body, created_at = excluded.created_at`,
			ws, t.Turn, t.Conversation, verbatim(t.Body), s.time())
	}
	return s.end(ctx, ofConversation(err), "put turn %s", t.Turn)
}

// TurnRecord finds one.
func (s *Store) TurnRecord(ctx context.Context, ws, turn uuid.UUID) (chat.TurnRecord, error) {
	t, err := one(ctx, s.pool, scanTurn, chat.Errorf(chat.CodeNotFound, "there is no record of this turn"),
		`SELECT `+turnColumns+` FROM turns WHERE workspace_id = $1 AND id = $2`, ws, turn)
	return t, s.end(ctx, err, "turn %s", turn)
}

// TurnRecords lists a conversation's.
func (s *Store) TurnRecords(ctx context.Context, ws, conv uuid.UUID) ([]chat.TurnRecord, error) {
	all, err := list(ctx, s.pool, scanTurn, `SELECT `+turnColumns+` FROM turns WHERE workspace_id = $1 AND conversation_id = $2 ORDER BY created_at, id`, ws, conv)
	return all, s.end(ctx, err, "turns of %s", conv)
}

const turnColumns = `id, conversation_id, body, created_at`

func scanTurn(row pgx.CollectableRow) (t chat.TurnRecord, err error) {
	err = row.Scan(id(&t.Turn), id(&t.Conversation), (*[]byte)(&t.Body), &t.At)
	return t, err
}

// PruneTurns removes old ones.
func (s *Store) PruneTurns(ctx context.Context, ws uuid.UUID, before time.Time) (int, error) {
	tag, err := s.pool.Exec(ctx, `DELETE FROM turns WHERE workspace_id = $1 AND created_at < $2`, ws, before)
	return int(tag.RowsAffected()), s.end(ctx, err, "prune turns")
}

// PutMemory stores m, unless a newer one is there.
func (s *Store) PutMemory(ctx context.Context, ws uuid.UUID, m chat.Memory) error {
	err := rule.CheckMemory(m)
	if err == nil {
		_, err = s.pool.Exec(ctx, `INSERT INTO memories AS m (workspace_id, conversation_id, seq, body, created_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (workspace_id, conversation_id) DO UPDATE SET seq = excluded.seq, body = excluded.body, created_at = excluded.created_at
			WHERE excluded.seq >= m.seq`, ws, m.Conversation, m.Seq, verbatim(m.Body), s.time())
	}
	return s.end(ctx, ofConversation(err), "put memory of %s", m.Conversation)
}

// Memory gives a conversation's.
func (s *Store) Memory(ctx context.Context, ws, conv uuid.UUID) (chat.Memory, error) {
	m, err := one(ctx, s.pool, scanMemory, chat.Errorf(chat.CodeNotFound, "nothing is remembered of this conversation"),
		`SELECT conversation_id, seq, body, created_at FROM memories WHERE workspace_id = $1 AND conversation_id = $2`, ws, conv)
	return m, s.end(ctx, err, "memory of %s", conv)
}

func scanMemory(row pgx.CollectableRow) (m chat.Memory, err error) {
	err = row.Scan(id(&m.Conversation), &m.Seq, (*[]byte)(&m.Body), &m.At)
	return m, err
}

// ofConversation gives a row without its conversation the error for it.
func ofConversation(err error) error {
	if isDangling(err) {
		return errNoConversation()
	}
	return err
}
