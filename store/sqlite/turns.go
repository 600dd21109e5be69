package sqlite

import (
	"context"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// PutTurn stores t in the place of one of the same id.
func (s *Store) PutTurn(ctx context.Context, ws uuid.UUID, t chat.TurnRecord) error {
	if err := rule.CheckTurn(t); err != nil {
		return wrap(err, "put turn %s", t.Turn)
	}
	body := string(t.Body)
	_, err := write(ctx, s, func(x *tx) (struct{}, error) {
		_, err := x.put(`INSERT INTO turns (workspace_id, id, conversation_id, body, created_at) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET conversation_id = excluded.conversation_id, body = excluded.body, created_at = excluded.created_at`,
			ws[:], t.Turn[:], t.Conversation[:], body, micros(x.now))
		if isDangling(err) {
			err = errNoConversation()
		}
		return struct{}{}, err
	})
	return wrap(err, "put turn %s", t.Turn)
}

const selectTurns = `SELECT id, conversation_id, body, created_at FROM turns `

// TurnRecord finds one.
func (s *Store) TurnRecord(ctx context.Context, ws, turn uuid.UUID) (chat.TurnRecord, error) {
	t, err := one(s.read(ctx), scanTurn, chat.Errorf(chat.CodeNotFound, "there is no record of this turn"),
		selectTurns+`WHERE workspace_id = ? AND id = ?`, ws[:], turn[:])
	return t, wrap(err, "turn %s", turn)
}

// TurnRecords lists a conversation's.
func (s *Store) TurnRecords(ctx context.Context, ws, conv uuid.UUID) ([]chat.TurnRecord, error) {
	all, err := list(ctx, s, scanTurn, selectTurns+`WHERE workspace_id = ? AND conversation_id = ? ORDER BY created_at, id`, ws[:], conv[:])
	return all, wrap(err, "turns of %s", conv)
}

func scanTurn(r row) (t chat.TurnRecord, err error) {
	var created int64
	var body []byte
	err = r.Scan(&t.Turn, &t.Conversation, &body, &created)
	t.Body, t.At = body, timeOf(created)
	return t, err
}

// PruneTurns removes old ones.
func (s *Store) PruneTurns(ctx context.Context, ws uuid.UUID, before time.Time) (int, error) {
	n, err := write(ctx, s, func(x *tx) (int64, error) {
		r, err := x.put(`DELETE FROM turns WHERE workspace_id = ? AND created_at < ?`, ws[:], micros(before))
		if err != nil {
			return 0, err
		}
		return r.RowsAffected()
	})
	return int(n), wrap(err, "prune turns")
}

// PutMemory stores m, unless a newer one is there.
func (s *Store) PutMemory(ctx context.Context, ws uuid.UUID, m chat.Memory) error {
	if err := rule.CheckMemory(m); err != nil {
		return wrap(err, "put memory of %s", m.Conversation)
	}
	body := string(m.Body)
	_, err := write(ctx, s, func(x *tx) (struct{}, error) {
		_, err := x.put(`INSERT INTO memories (workspace_id, conversation_id, seq, body, created_at) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET seq = excluded.seq, body = excluded.body, created_at = excluded.created_at WHERE excluded.seq >= seq`,
			ws[:], m.Conversation[:], m.Seq, body, micros(x.now))
		if isDangling(err) {
			err = errNoConversation()
		}
		return struct{}{}, err
	})
	return wrap(err, "put memory of %s", m.Conversation)
}

// Memory gives a conversation's.
func (s *Store) Memory(ctx context.Context, ws, conv uuid.UUID) (chat.Memory, error) {
	m, err := one(s.read(ctx), scanMemory, chat.Errorf(chat.CodeNotFound, "nothing is remembered of this conversation"),
		`SELECT conversation_id, seq, body, created_at FROM memories WHERE workspace_id = ? AND conversation_id = ?`, ws[:], conv[:])
	return m, wrap(err, "memory of %s", conv)
}

func scanMemory(r row) (m chat.Memory, err error) {
	var created int64
	var body []byte
	err = r.Scan(&m.Conversation, &m.Seq, &body, &created)
	m.Body, m.At = body, timeOf(created)
	return m, err
}
